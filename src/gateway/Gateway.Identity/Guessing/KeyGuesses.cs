using System.Net;
using Gateway.Control.Health;
using Gateway.Control.Options;
using Microsoft.Extensions.Logging;

namespace Gateway.Identity.Guessing;

/// <summary>
/// Slows down whoever tries keys and passwords, by address, and passwords by account too. A right one has to wait too,
/// or its answer would tell it from the wrong ones.
/// </summary>
public sealed partial class KeyGuesses
{
    private const int LinesMax = 60;
    private readonly ILogger<KeyGuesses> _logger;
    private readonly TimeProvider _time;
    private readonly MinuteBudget<int> _lines = new(LinesMax, keysMax: 1);
    private readonly GuessTable _addresses;
    private readonly GuessTable _accounts;

    // Names that are made up fill no table that accounts are in, and are told nothing that accounts are not.
    private readonly GuessTable _unknown;

    /// <summary>Nobody has guessed yet.</summary>
    public KeyGuesses(TimeProvider time, GatewayOptions options, ILogger<KeyGuesses> logger)
    {
        (_time, _logger) = (time, logger);
        _addresses = new GuessTable(time, options, HeldAddress);
        _accounts = new GuessTable(time, options, HeldAccount);
        _unknown = new GuessTable(time, options, static (_, _, _) => { });
    }

    /// <summary>One key; zero where it was looked at, else how long no key from there will be.</summary>
    /// <param name="from">Where it comes from.</param>
    /// <param name="isRight">Whether it is the key; not told to anybody while its address is held.</param>
    public TimeSpan Try(IPAddress from, bool isRight) => _addresses.Try(Network(from), isRight);

    /// <summary>How long no password is looked at, from there or for that account.</summary>
    public TimeSpan Left(IPAddress from, string account, bool isKnown) =>
        Longer(_addresses.Left(Network(from)), Of(isKnown).Left(account));

    /// <summary>One password; zero where it was looked at.</summary>
    public TimeSpan Try(IPAddress from, string account, bool isKnown, bool isRight) =>
        Longer(_addresses.Try(Network(from), isRight), Of(isKnown).Try(account, isRight));

    private GuessTable Of(bool isKnown) => isKnown ? _accounts : _unknown;

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private void HeldAddress(string address, double seconds, int wrong)
    {
        if (IsWorthALine())
            LogHeld(address == "others" ? "further addresses" : address, seconds, wrong);
    }

    private void HeldAccount(string account, double seconds, int wrong)
    {
        if (IsWorthALine())
            LogHeldAccount(account, seconds, wrong);
    }

    private bool IsWorthALine() =>
        _lines.TryTake(0, (long)_time.GetElapsedTime(0, _time.GetTimestamp()).TotalMilliseconds, out _);

    /// <summary>Of IPv6 the network, since whoever has one address there has 2^64.</summary>
    private static string Network(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4().ToString();
        var bytes = address.GetAddressBytes();
        if (bytes.Length == 16)
            bytes.AsSpan(8).Clear();
        return new IPAddress(bytes).ToString();
    }

    [LoggerMessage(1, LogLevel.Warning,
        "The admin API looks at no key from {Address} for {Seconds} s: {Wrong} were wrong")]
    private partial void LogHeld(string address, double seconds, int wrong);

    [LoggerMessage(2, LogLevel.Warning,
        "The admin API looks at no password of {Account} for {Seconds} s: {Wrong} were wrong")]
    private partial void LogHeldAccount(string account, double seconds, int wrong);
}
