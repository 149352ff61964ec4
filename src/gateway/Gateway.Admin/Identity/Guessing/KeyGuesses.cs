using System.Net;
using Gateway.Control.Health;
using Gateway.Control.Network;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin.Identity.Guessing;

/// <summary>
/// Slows down whoever tries keys, by address. A right one has to wait too, or its answer would tell it from the wrong
/// ones.
/// </summary>
public sealed partial class KeyGuesses
{
    private const int LinesMax = 60;
    private readonly ILogger<KeyGuesses> _logger;
    private readonly TimeProvider _time;
    private readonly MinuteBudget<int> _lines = new(LinesMax, keysMax: 1);
    private readonly GuessTable _addresses;

    /// <summary>Nobody has guessed yet.</summary>
    public KeyGuesses(TimeProvider time, ILogger<KeyGuesses> logger)
    {
        (_time, _logger) = (time, logger);
        _addresses = new GuessTable(time, HeldAddress);
    }

    /// <summary>One key; zero where it was looked at, else how long no key from there will be.</summary>
    /// <param name="from">Where it comes from.</param>
    /// <param name="isRight">Whether it is the key; not told to anybody while its address is held.</param>
    public TimeSpan Try(IPAddress from, bool isRight) => _addresses.Try(RequestSource.Network(from), isRight);

    private void HeldAddress(string address, double seconds, int wrong)
    {
        if (IsWorthALine())
            LogHeld(address == "others" ? "further addresses" : address, seconds, wrong);
    }

    private bool IsWorthALine() =>
        _lines.TryTake(0, (long)_time.GetElapsedTime(0, _time.GetTimestamp()).TotalMilliseconds, out _);

    [LoggerMessage(1, LogLevel.Warning,
        "The admin API looks at no key from {Address} for {Seconds} s: {Wrong} were wrong")]
    private partial void LogHeld(string address, double seconds, int wrong);
}
