using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Gateway.Control.Network;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Microsoft.AspNetCore.Authentication;

namespace Gateway.Admin.Identity.Providers;

/// <summary>
/// Reads providers' discovery documents, with limits on time and size, and without following redirects.
/// </summary>
internal sealed class ProviderDiscovery(
    ProviderOptions options, SnapshotUpdater control, OutboundConnector connector, TimeProvider time) : IDisposable
{
    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(1);

    private const int ResponseBytesMax = 256 * 1024;
    private const string WellKnown = "/.well-known/openid-configuration";
    private static readonly TimeSpan FailureKept = TimeSpan.FromSeconds(1);
    private readonly Dictionary<string, (Task<ProviderEndpoints> Task, long AskedAt)> _asked =
        new(StringComparer.Ordinal);

    /// <summary>The HTTP client for all requests to providers.</summary>
    public HttpClient Client { get; } = NewClient(options, control, connector);

    /// <summary>Returns the provider's endpoints.</summary>
    /// <exception cref="AuthenticationFailureException">The discovery document is unavailable or not valid.</exception>
    public Task<ProviderEndpoints> FindAsync(ProviderSettings provider, CancellationToken cancellationToken)
    {
        lock (_asked)
        {
            if (!_asked.TryGetValue(provider.Issuer, out var known)
                || time.GetElapsedTime(known.AskedAt) > Kept(known.Task))
            {
                _asked[provider.Issuer] = known = (AskAsync(provider.Issuer), time.GetTimestamp());
            }

            return known.Task.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Client.Dispose();

    /// <summary>
    /// The configuration contains the issuer, so it may be an internal address. Its document names the other endpoints,
    /// which must be public.
    /// </summary>
    private static HttpClient NewClient(
        ProviderOptions bounds, SnapshotUpdater control, OutboundConnector connector) => GuardedHttp.NewClient(
            connector,
            target => GuardedHttp.RuleFor(control.State.Config.Providers.Select(static one => one.Issuer), target),
            bounds.AnswerTimeMax, ResponseBytesMax);

    private static TimeSpan Kept(Task asked) =>
        asked.IsCompleted && !asked.IsCompletedSuccessfully ? FailureKept : KeptFor;

    private async Task<ProviderEndpoints> AskAsync(string issuer)
    {
        try
        {
            using var answer = await Client.GetAsync(issuer.TrimEnd('/') + WellKnown);
            if (!answer.IsSuccessStatusCode)
                throw new AuthenticationFailureException($"Its discovery document returned {(int)answer.StatusCode}.");
            using var json = JsonDocument.Parse(
                await answer.Content.ReadAsByteArrayAsync(), new JsonDocumentOptions { MaxDepth = 16 });
            var named = Text(json.RootElement, "issuer");
            if (named != issuer)
            {
                throw new AuthenticationFailureException(
                    $"Its discovery document names the issuer \"{named}\"; correct the configuration if needed.");
            }

            return new ProviderEndpoints(
                Endpoint(json.RootElement, "authorization_endpoint", issuer),
                Endpoint(json.RootElement, "token_endpoint", issuer),
                Endpoint(json.RootElement, "userinfo_endpoint", issuer),
                Endpoint(json.RootElement, "jwks_uri", issuer),
                json.RootElement.TryGetProperty("authorization_response_iss_parameter_supported", out var names)
                    && names.ValueKind == JsonValueKind.True,
                IsPairwise(json.RootElement));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException
            or InvalidOperationException)
        {
            throw new AuthenticationFailureException($"Its discovery document cannot be read: {e.Message}", e);
        }
    }

    /// <summary>
    /// Returns an endpoint. It receives a secret and tokens, so an https issuer must have https endpoints.
    /// </summary>
    private static string Endpoint(JsonElement json, string name, string issuer) =>
        Text(json, name) is { } text && Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttps
            || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback
                && issuer.StartsWith("http:", StringComparison.Ordinal)))
            ? text
            : throw new AuthenticationFailureException(
                $"Its discovery document has no {name} that can be used: it must be an https address.");

    // The member is required; where it is missing, subjects are public as in OAuth 2.0.
    private static bool IsPairwise(JsonElement json) =>
        json.TryGetProperty("subject_types_supported", out var types) && types.ValueKind == JsonValueKind.Array
        && !types.EnumerateArray().Any(static type => type.ValueEquals("public"));

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>The endpoints in a provider's discovery document.</summary>
/// <param name="Authorization">The authorization endpoint, which browsers open.</param>
/// <param name="Token">The endpoint that exchanges codes.</param>
/// <param name="UserInfo">The endpoint that describes the person.</param>
/// <param name="Keys">The <c>jwks_uri</c>.</param>
/// <param name="NamesIssuer">True when authorization responses contain the issuer (RFC 9207).</param>
/// <param name="IsPairwise">True when each client gets another <c>sub</c> of a person (OpenID Connect Core, 8).</param>
internal sealed record ProviderEndpoints(
    string Authorization, string Token, string UserInfo, string Keys, bool NamesIssuer, bool IsPairwise);

/// <summary>Limits of signing in with an OpenID Connect provider.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record ProviderOptions
{
    /// <summary>The timeout of a request to a provider.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:30")]
    public TimeSpan AnswerTimeMax { get; set; } = TimeSpan.FromSeconds(10);
}
