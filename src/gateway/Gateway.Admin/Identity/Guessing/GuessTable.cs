
namespace Gateway.Admin.Identity.Guessing;

/// <summary>
/// Failed attempts by source. After a few, the source is held for a second, then for two, four and so on; attempts in
/// that time are not evaluated.
/// </summary>
/// <param name="time">Monotonic time.</param>
/// <param name="held">Receives the source that is held, the seconds, and the number of failed attempts.</param>
internal sealed class GuessTable(TimeProvider time, Action<string, double, int> held)
{
    // Sources beyond this number share one entry.
    private const int GuessersMax = 4096;
    public static readonly TimeSpan ForgottenAfter = TimeSpan.FromMinutes(10);

    /// <summary>The upper bound of the doubling wait.</summary>
    public static readonly TimeSpan HoldMax = TimeSpan.FromSeconds(30);

    /// <summary>Failed attempts before the first wait.</summary>
    public const int Free = 5;

    private static readonly TimeSpan FirstHold = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CleanEvery = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Guesser> _guessers = new(StringComparer.Ordinal);

    // The shared entry of the sources that do not fit in the table.
    private readonly Guesser _others = new();
    private long _cleaned;

    private bool IsFull => _guessers.Count >= GuessersMax;

    /// <summary>Records one attempt. Returns zero if it was evaluated, else how long the source remains held.</summary>
    /// <param name="who">The source of the attempt.</param>
    /// <param name="isRight">True if the attempt is correct; not disclosed while the source is held.</param>
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

    /// <summary>Returns how long the source remains held, without recording an attempt.</summary>
    public TimeSpan Held(string who)
    {
        lock (_gate)
        {
            var guesser = _guessers.GetValueOrDefault(who) ?? (IsFull ? _others : null);
            return guesser is not null && Left(guesser, time.GetTimestamp()) is var left && left > TimeSpan.Zero
                ? left : TimeSpan.Zero;
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
        /// <summary>Failed attempts since the last correct one.</summary>
        public int Wrong { get; set; }

        /// <summary>The time of the last failed attempt.</summary>
        public long Last { get; set; }

        /// <summary>The wait after that, during which no attempt is evaluated.</summary>
        public TimeSpan Hold { get; set; }
    }
}
