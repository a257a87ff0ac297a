int times_three(int value) {
    return 3 * value;
}
