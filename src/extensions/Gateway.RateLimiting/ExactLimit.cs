using System.Security.Cryptography;
using System.Text;
using Gateway.Limits.Model;
using Gateway.Limits.Windows;

namespace Gateway.RateLimiting;

/// <summary>
/// One counter and its maximum. All processes over the same store that use the same domain, name, partition and window
/// share the counter.
/// </summary>
public sealed class ExactLimit
{
    private const int DigestBytes = 16;

    /// <summary>Creates the limit of a counter.</summary>
    /// <param name="domain">
    /// The application; its limits are separate from other applications' and from agents' limits.
    /// </param>
    /// <param name="name">The name of the limit.</param>
    /// <param name="permitLimit">The maximum of one window, 1 or more.</param>
    /// <param name="window">
    /// The window: <c>second</c>, <c>minute</c>, <c>hour</c>, <c>day</c>, <c>90s</c>, <c>15m</c>.
    /// </param>
    /// <param name="partition">
    /// The entity to count separately, such as a user; only a digest of it leaves the process. Null uses one counter
    /// for all.
    /// </param>
    /// <param name="isSliding">
    /// True to limit every interval of that length; false for consecutive fixed windows.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A name is empty, a number is out of range, or the window is not valid.
    /// </exception>
    public ExactLimit(
        string domain, string name, int permitLimit, string window, string? partition = null, bool isSliding = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(domain);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(permitLimit, 1);
        if (!Window.TryParse(window, out var period))
        {
            throw new ArgumentException(
                $"\"{window}\" is not a valid window; write minute, hour or a length such as 90s.", nameof(window));
        }

        var kind = isSliding ? WindowKind.Sliding : WindowKind.Fixed;
        if (kind.Check(period) is { } problem)
            throw new ArgumentException(problem, nameof(window));
        var counter = partition is null ? name : CounterKey.NameByValue(name, Digest(partition));
        (PermitLimit, Key) = (permitLimit, new CounterKey(LimitScope.Service, domain, counter, kind, period));
    }

    /// <summary>The maximum of one window.</summary>
    public int PermitLimit { get; }

    internal CounterKey Key { get; }

    private static string Digest(string partition) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(partition)).AsSpan(0, DigestBytes));
}
