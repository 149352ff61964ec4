using System.Net;
using Gateway.Control.Health;
using Gateway.Control.Options;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin;

/// <summary>
/// Slows down whoever tries admin keys: after a few wrong ones from an address no key from there is looked at for a
/// second, then two, four and so on. A right key has to wait too, or its answer would tell it from the wrong ones.
/// </summary>
internal sealed partial class KeyGuesses(TimeProvider time, GatewayOptions options, ILogger<KeyGuesses> logger)
{
    private const int LinesMax = 60;
    private static readonly TimeSpan FirstHold = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CleanEvery = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, Guesser> _guessers = [];

    // Those that no longer fit in the table share one place.
    private readonly Guesser _others = new();
    private readonly MinuteBudget<int> _lines = new(LinesMax, keysMax: 1);
    private long _cleaned;

    /// <summary>One try; zero where it was looked at, else how long no key from there will be.</summary>
    /// <param name="from">Where it comes from.</param>
    /// <param name="isRight">Whether it is the key; not told to anybody while its address is held.</param>
    public TimeSpan Try(IPAddress from, bool isRight)
    {
        var address = Network(from);
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (!_guessers.TryGetValue(address, out var guesser))
            {
                if (isRight && !IsFull)
                    return TimeSpan.Zero;
                guesser = Add(address, now);
            }

            if (Left(guesser, now) is var left && left > TimeSpan.Zero)
                return left;
            if (IsForgotten(guesser, now) || (isRight && guesser != _others))
                guesser.Wrong = 0;
            if (isRight)
                return TimeSpan.Zero;
            Count(guesser, address, now);
            return TimeSpan.Zero;
        }
    }

    private bool IsFull => _guessers.Count >= options.AdminGuessersMax;

    private void Count(Guesser guesser, IPAddress address, long now)
    {
        guesser.Wrong++;
        guesser.Last = now;
        guesser.Hold = Hold(guesser.Wrong - options.AdminGuessesFree);
        var nowMs = (long)time.GetElapsedTime(0, now).TotalMilliseconds;
        if (guesser.Hold > TimeSpan.Zero && _lines.TryTake(0, nowMs, out _))
        {
            var whose = guesser == _others ? "further addresses" : address.ToString();
            LogHeld(whose, guesser.Hold.TotalSeconds, guesser.Wrong);
        }
    }

    private TimeSpan Hold(int beyond) => beyond <= 0 ? TimeSpan.Zero
        : TimeSpan.FromTicks(Math.Min(options.AdminHoldMax.Ticks, FirstHold.Ticks << Math.Min(beyond - 1, 20)));

    private TimeSpan Left(Guesser guesser, long now) => guesser.Hold - time.GetElapsedTime(guesser.Last, now);

    private bool IsForgotten(Guesser guesser, long now) =>
        time.GetElapsedTime(guesser.Last, now) > options.AdminGuessesForgotten;

    private Guesser Add(IPAddress address, long now)
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

        return IsFull ? _others : _guessers[address] = new Guesser { Last = now };
    }

    /// <summary>Of IPv6 the network, since whoever has one address there has 2^64.</summary>
    private static IPAddress Network(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        if (bytes.Length == 16)
            bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }

    [LoggerMessage(1, LogLevel.Warning,
        "The admin API looks at no key from {Address} for {Seconds} s: {Wrong} were wrong")]
    private partial void LogHeld(string address, double seconds, int wrong);

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
