
namespace Gateway.Admin.Identity.Guessing;

/// <summary>
/// Wrong tries by who made them: after a few, none of theirs is looked at for a second, then two, four and so on.
/// </summary>
/// <param name="time">Monotonic time.</param>
/// <param name="held">Is told who waits, how many seconds, and after how many wrong tries.</param>
internal sealed class GuessTable(TimeProvider time, Action<string, double, int> held)
{
    // Further ones wait together.
    private const int GuessersMax = 4096;
    public static readonly TimeSpan ForgottenAfter = TimeSpan.FromMinutes(10);

    /// <summary>The wait doubles up to here.</summary>
    public static readonly TimeSpan HoldMax = TimeSpan.FromSeconds(30);

    /// <summary>Wrong tries before the first wait.</summary>
    public const int Free = 5;

    private static readonly TimeSpan FirstHold = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CleanEvery = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Guesser> _guessers = new(StringComparer.Ordinal);

    // Those that no longer fit in the table share one place.
    private readonly Guesser _others = new();
    private long _cleaned;

    private bool IsFull => _guessers.Count >= GuessersMax;

    /// <summary>One try; zero where it was looked at, else how long none of theirs will be.</summary>
    /// <param name="who">Who tries.</param>
    /// <param name="isRight">Whether it is right; not told to anybody while they are held.</param>
    public TimeSpan Try(string who, bool isRight)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (!_guessers.TryGetValue(who, out var guesser))
            {
                if (isRight && !IsFull)
                    return TimeSpan.Zero;
                guesser = Add(who, now);
            }

            if (Left(guesser, now) is var left && left > TimeSpan.Zero)
                return left;
            if (IsForgotten(guesser, now) || (isRight && guesser != _others))
                guesser.Wrong = 0;
            if (isRight)
                return TimeSpan.Zero;
            Count(guesser, who, now);
            return TimeSpan.Zero;
        }
    }

    private void Count(Guesser guesser, string who, long now)
    {
        guesser.Wrong++;
        guesser.Last = now;
        guesser.Hold = Hold(guesser.Wrong - Free);
        if (guesser.Hold > TimeSpan.Zero)
            held(guesser == _others ? "others" : who, guesser.Hold.TotalSeconds, guesser.Wrong);
    }

    private static TimeSpan Hold(int beyond) => beyond <= 0 ? TimeSpan.Zero
        : TimeSpan.FromTicks(Math.Min(HoldMax.Ticks, FirstHold.Ticks << Math.Min(beyond - 1, 20)));

    private TimeSpan Left(Guesser guesser, long now) => guesser.Hold - time.GetElapsedTime(guesser.Last, now);

    private bool IsForgotten(Guesser guesser, long now) =>
        time.GetElapsedTime(guesser.Last, now) > ForgottenAfter;

    private Guesser Add(string who, long now)
    {
        if (IsFull && time.GetElapsedTime(_cleaned, now) > CleanEvery)
        {
            _cleaned = now;
            foreach (var (known, guesser) in _guessers)
            {
                if (IsForgotten(guesser, now) || guesser.Wrong == 0)
                    _guessers.Remove(known);
            }
        }

        return IsFull ? _others : _guessers[who] = new Guesser { Last = now };
    }

    private sealed class Guesser
    {
        /// <summary>Wrong keys since the last right one.</summary>
        public int Wrong { get; set; }

        /// <summary>When the last of them came.</summary>
        public long Last { get; set; }

        /// <summary>For how long from then on no key is looked at.</summary>
        public TimeSpan Hold { get; set; }
    }
}
