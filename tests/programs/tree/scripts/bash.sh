# What bash has and sh has not: arrays, [[ ]], printf -v, here-strings, parameter transformations, (( )), mapfile.
declare -A ages=([ada]=36 [alan]=41)
list=(one two three)
list+=(four)
echo "${#list[@]} ${list[-1]} ${list[@]:1:2} ${ages[ada]}"
for ((i = 0; i < 3; i++)); do printf '%02d ' $i; done
echo
[[ hello == h*o && abc =~ ^a(.)c$ ]] && echo "match ${BASH_REMATCH[1]}"
printf -v padded '%5.2f|%-5s|' 3.14159 ab
echo "$padded" "${padded^^}" "${list[@]/o/0}"
read -r first second <<<"here string"
echo "$second $first"
mapfile -t lines </data/words
echo "${#lines[@]} ${lines[2]}"
function fact() { (($1 < 2)) && echo 1 || { local r; fact $(($1 - 1)) >/data/fact; read -r r </data/fact; echo $(($1 * r)); }; }
fact 5
case bash in b*) echo "fall" ;;& *sh) echo "through" ;; esac
echo ${BASH_VERSINFO[0]} $((16#ff)) $'tab\there'
echo $EUID "$PWD" "$0" "$SHLVL"
