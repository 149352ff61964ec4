using System.Text.Json;
using Gateway.Control.Definitions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Admin.Identity.Providers;

/// <summary>
/// The keys with which providers sign ID tokens, fetched from the <c>jwks_uri</c> of their documents.
/// </summary>
internal sealed class ProviderKeys(ProviderDiscovery discovery, TimeProvider time)
{
    /// <summary>
    /// The minimum time between fetches of the keys because of a token with an unknown key, however many such tokens
    /// arrive.
    /// </summary>
    public static readonly TimeSpan RefetchAfter = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan FailureKept = TimeSpan.FromSeconds(1);
    private readonly Dictionary<string, (Task<List<JsonWebKey>> Task, long At)> _fetched = new(StringComparer.Ordinal);

    /// <summary>Returns the keys that verify signatures.</summary>
    /// <param name="address">The <c>jwks_uri</c>.</param>
    /// <param name="isUnknown">True when the keys that were returned before did not verify a token.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="AuthenticationFailureException">The keys cannot be fetched.</exception>
    public Task<List<JsonWebKey>> GetAsync(string address, bool isUnknown, CancellationToken cancellationToken)
    {
        lock (_fetched)
        {
            if (!_fetched.TryGetValue(address, out var known)
                || time.GetElapsedTime(known.At) >= Kept(known.Task, isUnknown))
            {
                _fetched[address] = known = (FetchAsync(address), time.GetTimestamp());
            }

            return known.Task.WaitAsync(cancellationToken);
        }
    }

    private static TimeSpan Kept(Task fetched, bool isUnknown) =>
        fetched.IsCompleted && !fetched.IsCompletedSuccessfully ? FailureKept
        : isUnknown && RefetchAfter < ProviderDiscovery.KeptFor ? RefetchAfter
        : ProviderDiscovery.KeptFor;

    private async Task<List<JsonWebKey>> FetchAsync(string address)
    {
        try
        {
            using var answer = await discovery.Client.GetAsync(address);
            if (!answer.IsSuccessStatusCode)
                throw new AuthenticationFailureException(
                    $"The address of its keys (jwks_uri) returned status {(int)answer.StatusCode}.");
            return [.. JsonWebKeySet.Create(await answer.Content.ReadAsStringAsync()).Keys.Where(IsUsable)];
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or ArgumentException
            or InvalidOperationException or FormatException or JsonException)
        {
            throw new AuthenticationFailureException($"Its keys (jwks_uri) cannot be read: {e.Message}", e);
        }
    }

    /// <summary>A public key for signatures. A symmetric key in a public document is known to everybody.</summary>
    private static bool IsUsable(JsonWebKey key) =>
        (key.Kty == JsonWebAlgorithmsKeyTypes.EllipticCurve
            || (key.Kty == JsonWebAlgorithmsKeyTypes.RSA && key.KeySize >= KeyBounds.RsaBitsMin))
        && key.Use is null or "" or JsonWebKeyUseNames.Sig
        && (key.KeyOps.Count == 0 || key.KeyOps.Contains("verify"));
}
