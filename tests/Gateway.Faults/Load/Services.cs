using Gateway.EnvoyRls.Protocol;
using Gateway.EnvoyRls.Tests.Serving;
using Google.Protobuf;

namespace Gateway.Faults.Load;

/// <summary>
/// Services that ask the rate limit service at each place: about accounts, each of which is full soon, with others
/// every ten seconds; and, all or none, about an account and its plan. Their windows are years, so no clock decides
/// where one ends: what may be let through of each is one number.
/// </summary>
internal sealed class Services(RunLog log, RunClock clock, int seed)
{
    /// <summary>The domain and its limits, as the service's file has them.</summary>
    public const string Rules = """
        domain: faults
        descriptors:
          - { key: account, rate_limit: { unit: year, requests_per_unit: 40 } }
          - { key: plan, rate_limit: { unit: year, requests_per_unit: 60 } }
        """;

    /// <summary>What its callers send; a fleet in namespaces of its own listens on no loopback.</summary>
    public const string Token = "a-token-of-the-services";

    private const string Decide = "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit";
    private const long OtherAccountsEveryMs = 10_000;
    private const long AskEveryMs = 40;
    private const int Accounts = 4;

    /// <summary>How many requests may be let through of each value.</summary>
    public static int MaxOf(string descriptor) =>
        descriptor.StartsWith("plan=", StringComparison.Ordinal) ? 60 : 40;

    /// <summary>Asks at a place until told to stop; waits while nobody serves there.</summary>
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
            // The place was closed meanwhile.
            return CallOutcome.Unanswered;
        }
    }
}
