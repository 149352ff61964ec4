using System.Net;
using Gateway.Control.Network;
using Gateway.Limits.Model;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Control.Health;

/// <summary>A log of rejected callers with the address that they came from; never the content that they sent.</summary>
public sealed partial class AuthenticationFailureLog(ProcessClock clock, ILogger<AuthenticationFailureLog> logger)
{
    /// <summary>The maximum number of lines a minute about one address, or one /64 of IPv6.</summary>
    public const int TokenLinesMax = 5;

    /// <summary>The maximum number of lines a minute about wrong admin keys, for all senders together.</summary>
    public const int KeyLinesMax = 60;

    private const int AddressesMax = 1024;
    private readonly MinuteBudget<string> _tokens = new(TokenLinesMax, AddressesMax);
    private readonly MinuteBudget<int> _keys = new(KeyLinesMax, keysMax: 1);

    /// <summary>Logs an agent without a valid token, a bounded number of times a minute and address.</summary>
    public void TokenRefused(HttpContext http, string why)
    {
        var address = Address(http);
        if (logger.IsEnabled(LogLevel.Information)
            && _tokens.TryTake(RequestSource.Network(address), clock.NowMs(), out var swallowed))
            LogToken(address, why, Since(swallowed));
    }

    /// <summary>Logs a caller of the admin API without its key, a bounded number of times a minute.</summary>
    public void KeyRefused(HttpContext http)
    {
        if (_keys.TryTake(0, clock.NowMs(), out var swallowed))
            LogKey(Address(http), http.Request.Headers.Authorization.Count == 0 ? "absent" : "wrong", Since(swallowed));
    }

    private static IPAddress Address(HttpContext http) => http.Connection.RemoteIpAddress ?? IPAddress.None;

    private static string Since(long swallowed) =>
        swallowed == 0 ? "" : $"; {swallowed} more since the last log line";

    [LoggerMessage(1, LogLevel.Information, "The gateway rejected an agent at {Address}: {Why}{Since}")]
    private partial void LogToken(IPAddress address, string why, string since);

    [LoggerMessage(2, LogLevel.Warning, "The admin API refused a request from {Address}: the API key is {Key}{Since}")]
    private partial void LogKey(IPAddress address, string key, string since);
}
