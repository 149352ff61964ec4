using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading.RateLimiting;
using Gateway.Limits.Model;
using Gateway.RateLimiting.Messages;

namespace Gateway.RateLimiting;

/// <summary>
/// A budget that a running gateway counts, charged through <c>POST /v1/acquire</c>. A call without a response is
/// retried with the same id, so it is charged once. A request that cannot be decided gets a failed lease, so that
/// nothing passes uncounted.
/// </summary>
/// <param name="client">
/// A client whose <c>BaseAddress</c> is the gateway's <c>--acquire-listen</c> and that sends a service's key as
/// <c>Authorization: Bearer</c>. The caller disposes it; its <c>Timeout</c> bounds each attempt.
/// </param>
/// <param name="name">The budget's name.</param>
/// <param name="permitLimit">
/// The budget's <c>max</c>, 1 or more; a request for more at once is treated as a programming error.
/// </param>
/// <param name="key">The entity to count separately, if the budget is <c>keyed</c>; at most 512 bytes.</param>
public sealed class GatewayBudget(HttpClient client, string name, int permitLimit, string? key = null) : ICountedLimit
{
    private const int AttemptsMax = 2;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public int PermitLimit { get; } = permitLimit > 0
        ? permitLimit
        : throw new ArgumentOutOfRangeException(nameof(permitLimit), permitLimit, "The value must be 1 or more.");

    /// <summary>Always requires waiting: no permits are held here, so a decision takes a request.</summary>
    RateLimitLease ICountedLimit.TakeAtOnce(Amount cost, Action<Amount>? seen) => ExactLease.NotAtHand;

    /// <inheritdoc/>
    async ValueTask<RateLimitLease> ICountedLimit.AcquireAsync(
        Amount cost, Action<Amount>? seen, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var isProbe = cost == Amount.Zero;
        var call = new BudgetRequest(
            Guid.NewGuid().ToString("N"), [new(name, key, (isProbe ? Amount.One : cost).ToString())], isProbe);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var response = await client.PostAsJsonAsync(
                    "/v1/acquire", call, GatewayJson.Default.BudgetRequest, cancellationToken);
                if (response.StatusCode == HttpStatusCode.OK)
                    return Lease(await ReadAsync(response, GatewayJson.Default.GatewayDecision), seen);
                if (response.StatusCode == HttpStatusCode.ServiceUnavailable && attempt < AttemptsMax)
                    continue;
                var problem = await ReadAsync(response, GatewayJson.Default.GatewayProblem);
                return ExactLease.Refused(
                    response.Headers.RetryAfter?.Delta,
                    $"The gateway did not decide: {problem.Title}. {problem.Detail}");
            }
            catch (Exception e) when (e is HttpRequestException or JsonException
                || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                if (attempt == AttemptsMax)
                    return ExactLease.Refused(Soon, $"The gateway did not respond: {e.Message}");
            }
        }

        async Task<T> ReadAsync<T>(
            HttpResponseMessage response, JsonTypeInfo<T> type)
            where T : class =>
            await response.Content.ReadFromJsonAsync(type, cancellationToken)
            ?? throw new JsonException("The response is null.");
    }

    private static ExactLease Lease(GatewayDecision decision, Action<Amount>? seen)
    {
        if (decision.Costs is [{ } standing, ..]
            && Amount.TryParse(standing.Remaining.ToString(CultureInfo.InvariantCulture), out var remaining))
        {
            seen?.Invoke(remaining);
        }

        return decision.Allowed
            ? ExactLease.Admitted
            : ExactLease.Refused(
                decision.RetryAfter is { } seconds ? TimeSpan.FromSeconds((double)seconds) : null,
                decision.Reason ?? "The budget has no room.");
    }
}
