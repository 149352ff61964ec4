using System.Net;
using Gateway.Control.Health;
using Gateway.Control.Network;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin.Identity.Guessing;

/// <summary>
/// Slows down guessing of keys, by address. A correct key has to wait too, or the response would distinguish it from
/// the wrong ones.
/// </summary>
public sealed partial class KeyGuesses
{
    private const int LinesMax = 60;
    private readonly ILogger<KeyGuesses> _logger;
    private readonly TimeProvider _time;
    private readonly MinuteBudget<int> _lines = new(LinesMax, keysMax: 1);
    private readonly GuessTable _addresses;

    /// <summary>Starts without any recorded attempts.</summary>
    public KeyGuesses(TimeProvider time, ILogger<KeyGuesses> logger)
    {
        (_time, _logger) = (time, logger);
        _addresses = new GuessTable(time, HeldAddress);
    }

    /// <summary>
    /// Records one key. Returns zero if it was evaluated, else how long keys from that address are rejected.
    /// </summary>
    /// <param name="from">The address of the request.</param>
    /// <param name="isRight">True if the key is correct; not disclosed while the address is held.</param>
    public TimeSpan Try(IPAddress from, bool isRight) => _addresses.Try(RequestSource.Network(from), isRight);

    /// <summary>
    /// Returns how long keys from that address are rejected, without recording an attempt: for a link that once worked,
    /// which neither is a guess nor proves anything.
    /// </summary>
    public TimeSpan Held(IPAddress from) => _addresses.Held(RequestSource.Network(from));

    private void HeldAddress(string address, double seconds, int wrong)
    {
        if (IsWorthALine())
            LogHeld(address == "others" ? "further addresses" : address, seconds, wrong);
    }

    private bool IsWorthALine() =>
        _lines.TryTake(0, (long)_time.GetElapsedTime(0, _time.GetTimestamp()).TotalMilliseconds, out _);

    [LoggerMessage(1, LogLevel.Warning,
        "The admin API rejects all keys from {Address} for {Seconds} s after {Wrong} wrong keys")]
    private partial void LogHeld(string address, double seconds, int wrong);
}
