namespace Gateway.Limits.Model;

/// <summary>
/// The state of a permit in one interlocked word: the stamp of its current life in the high bits, the state in the low
/// bits. Permit objects are reused, so a handle names the life that it refers to and never affects a later one.
/// </summary>
internal struct PermitLife
{
    private const long Out = 0;
    private const long Spending = 1;
    private const long Spent = 2;
    private const long Ended = 3;
    private const int StateBits = 2;

    private long _word;

    /// <summary>The stamp of the current life. It never decreases, and 62 bits do not run out.</summary>
    public readonly long Stamp => Volatile.Read(in _word) >> StateBits;

    /// <summary>
    /// Begins to spend the permit if it is outstanding. True for one caller in each life, which must then call
    /// <see cref="EndSpending"/>.
    /// </summary>
    public bool TryBeginSpending(long stamp) => TryMove(Word(stamp, Out), Word(stamp, Spending));

    /// <summary>Completes the spending that <see cref="TryBeginSpending"/> began.</summary>
    public void EndSpending(long stamp) => Volatile.Write(ref _word, Word(stamp, Spent));

    /// <summary>Ends this life. True for one caller, which alone may then handle the numbers.</summary>
    /// <param name="stamp">The stamp of the life to end.</param>
    /// <param name="unlessSpent">Whether a spent permit stays as it is.</param>
    public bool TryEnd(long stamp, bool unlessSpent = false)
    {
        var wait = default(SpinWait);
        while (true)
        {
            var word = Volatile.Read(in _word);
            var isSpent = word == Word(stamp, Spent);
            if (isSpent ? unlessSpent : word != Word(stamp, Out) && word != Word(stamp, Spending)) return false;

            // The thread that is spending it needs only a few more instructions.
            if (word == Word(stamp, Spending)) wait.SpinOnce();
            else if (TryMove(word, Word(stamp, Ended))) return true;
        }
    }

    /// <summary>
    /// Begins the next life. Only for the caller that ended the previous one. An interlocked operation must follow
    /// before another thread gets access.
    /// </summary>
    public void Renew() => Volatile.Write(ref _word, Word(Stamp + 1, Out));

    private bool TryMove(long from, long to) => Interlocked.CompareExchange(ref _word, to, from) == from;

    private static long Word(long stamp, long state) => (stamp << StateBits) | state;
}
