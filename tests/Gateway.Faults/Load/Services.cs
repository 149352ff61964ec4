using Gateway.EnvoyRls.Protocol;
using Gateway.EnvoyRls.Tests.Serving;
using Google.Protobuf;

namespace Gateway.Faults.Load;

/// <summary>
/// Services that send requests to the rate limit service at each seat: about accounts that are soon full, with new ones
/// every ten seconds, and about an account together with its plan, all or none. Their windows last years, so that no
/// clock affects the end of a window: the total that each admits is one number.
/// </summary>
internal sealed class Services(RunLog log, RunClock clock, int seed)
{
    /// <summary>The domain and its limits, in the form of the service's file.</summary>
    public const string Rules = """
        domain: faults
        descriptors:
          - { key: account, rate_limit: { unit: year, requests_per_unit: 40 } }
          - { key: plan, rate_limit: { unit: year, requests_per_unit: 60 } }
        """;

    /// <summary>
    /// The token of the clients, needed because a fleet in its own namespaces does not listen on loopback.
    /// </summary>
    public const string Token = "a-token-of-the-services";

    private const string Decide = "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit";
    private const long OtherAccountsEveryMs = 10_000;
    private const long AskEveryMs = 40;
    private const int Accounts = 4;

    /// <summary>Returns the number of requests that each value may admit.</summary>
    public static int MaxOf(string descriptor) =>
        descriptor.StartsWith("plan=", StringComparison.Ordinal) ? 60 : 40;

    /// <summary>Sends requests at a seat until it is stopped; waits while the seat does not serve.</summary>
    public async Task AskAsync(Seat seat, int number, CancellationToken stop)
    {
        var random = new Random(HashCode.Combine(seed, number, "service"));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(AskEveryMs));
        while (!stop.IsCancellationRequested)
        {
            if (seat.Service is { } client)
                await AskOnceAsync(seat.Name, client, Drawn(random));
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private (string Key, string Value)[] Drawn(Random random)
    {
        var now = (clock.NowMs() / OtherAccountsEveryMs).ToString(CultureInfo.InvariantCulture);
        var account = ("account", $"{now}-{random.Next(Accounts)}");
        return random.Next(3) == 0 ? [account, ("plan", now)] : [account];
    }

    private async Task AskOnceAsync(string member, HttpClient client, (string Key, string Value)[] about)
    {
        var request = new RateLimitRequest { Domain = "faults" };
        foreach (var (key, value) in about)
        {
            var descriptor = new RateLimitDescriptor();
            descriptor.Entries.Add(new RateLimitDescriptor.Types.Entry { Key = key, Value = value });
            request.Descriptors.Add(descriptor);
        }

        var fromMs = clock.NowMs();
        var outcome = await OutcomeAsync(client, GrpcCall.Frame(request.ToByteArray()));
        string[] descriptors = [.. about.Select(static one => $"{one.Key}={one.Value}")];
        log.Add(new ServiceAsk(member, descriptors, fromMs, clock.NowMs(), outcome));
    }

    private static async Task<CallOutcome> OutcomeAsync(HttpClient client, byte[] body)
    {
        try
        {
            var (status, message) = await GrpcCall.PostAsync(
                client, Decide, body, ("authorization", $"Bearer {Token}"));
            if (status != 0)
                return CallOutcome.Unavailable;
            return RateLimitResponse.Parser.ParseFrom(message).OverallCode == RateLimitResponse.Types.Code.Ok
                ? CallOutcome.Admitted
                : CallOutcome.Refused;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return CallOutcome.Unanswered;
        }
        catch (ObjectDisposedException)
        {
            // The seat was closed in the meantime.
            return CallOutcome.Unanswered;
        }
    }
}
