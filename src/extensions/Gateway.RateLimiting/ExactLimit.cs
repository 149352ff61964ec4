using System.Security.Cryptography;
using System.Text;
using Gateway.Limits.Model;
using Gateway.Limits.Windows;

namespace Gateway.RateLimiting;

/// <summary>
/// One counter and what it admits. Whoever names the same domain, name, partition and window, in whatever process over
/// the same store, shares the counter.
/// </summary>
public sealed class ExactLimit
{
    private const int DigestBytes = 16;

    /// <summary>Names a counter.</summary>
    /// <param name="domain">The application: its limits are apart from every other's, and from those of agents.</param>
    /// <param name="name">The limit.</param>
    /// <param name="permitLimit">The most that one window admits, 1 or more.</param>
    /// <param name="window">The window: <c>second</c>, <c>minute</c>, <c>hour</c>, <c>day</c>, <c>90s</c>, <c>15m</c>.
    /// </param>
    /// <param name="partition">
    /// What is counted apart, such as a user; only a digest of it leaves the process. Null counts all together.
    /// </param>
    /// <param name="isSliding">True counts any interval of that length; false windows that follow one another.</param>
    /// <exception cref="ArgumentException">A name is empty, a number is none, or there is no such window.</exception>
    public ExactLimit(
        string domain, string name, int permitLimit, string window, string? partition = null, bool isSliding = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(domain);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(permitLimit, 1);
        if (!Window.TryParse(window, out var period))
        {
            throw new ArgumentException(
                $"\"{window}\" is no window; write minute, hour or a length such as 90s.", nameof(window));
        }

        var kind = isSliding ? WindowKind.Sliding : WindowKind.Fixed;
        if (kind.Check(period) is { } problem)
            throw new ArgumentException(problem, nameof(window));
        var counter = partition is null ? name : CounterKey.NameByValue(name, Digest(partition));
        (PermitLimit, Key) = (permitLimit, new CounterKey(LimitScope.Service, domain, counter, kind, period));
    }

    /// <summary>The most that one window admits.</summary>
    public int PermitLimit { get; }

    internal CounterKey Key { get; }

    private static string Digest(string partition) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(partition)).AsSpan(0, DigestBytes));
}
