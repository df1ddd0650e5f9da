/* SPDX-License-Identifier: MIT */
/* cpp.cc: C++: iostream, exceptions through several frames, std::thread, std::string, a global constructor. */
#include <algorithm>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <vector>

namespace
{
struct greeter {
	greeter()
	{
		std::cout << "constructed before main" << std::endl;
	}
	~greeter()
	{
		std::cout << "destroyed after main" << std::endl;
	}
} greeting;

int deep(int level)
{
	std::vector<int> numbers(static_cast<size_t>(level) + 1, level);

	return level > 5 ? throw std::runtime_error("from level " + std::to_string(level))
			 : deep(level + 1) + numbers.at(0);
}
} // namespace

int main()
{
	std::map<std::string, int> counts;
	std::string word;
	int sum = 0;

	while (std::cin >> word)
		counts[word]++;
	for (const auto &[name, count] : counts)
		std::cout << name << ": " << count << '\n';
	try {
		deep(0);
	} catch (const std::exception &error) {
		std::cout << "caught: " << error.what() << std::endl;
	}
	try {
		std::vector<int>().at(3) = 1;
	} catch (const std::out_of_range &) {
		std::cout << "out of range" << std::endl;
	}
	std::thread worker([&sum] {
		for (int i = 1; i <= 100; i++)
			sum += i;
	});
	worker.join();
	std::cout << "sum " << sum << std::endl;
	return 0;
}
