#include "doctor/doctor.h"
int doctor(FILE*o){fputs("stub\n",o);return 0;}
