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
        var fromMs = clock.NowMs();
        var outcome = await OutcomeAsync(client, GrpcCall.Frame(Request(about)));
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
            return IsOk(message) ? CallOutcome.Admitted : CallOutcome.Refused;
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

    /// <summary>
    /// Writes a request of Envoy's rate limit service: a domain (field 1) and descriptors (2) of entries (1), each a
    /// key (1) and a value (2).
    /// </summary>
    private static byte[] Request((string Key, string Value)[] about) => Message(
        [(1, Encoding.UTF8.GetBytes("faults")), .. about.Select(static one => (2, Message((1, Message(
            (1, Encoding.UTF8.GetBytes(one.Key)), (2, Encoding.UTF8.GetBytes(one.Value)))))))]);

    private static byte[] Message(params (int Number, byte[] Value)[] fields)
    {
        using var message = new MemoryStream();
        using (var output = new CodedOutputStream(message, leaveOpen: true))
        {
            foreach (var (number, value) in fields)
            {
                output.WriteTag(number, WireFormat.WireType.LengthDelimited);
                output.WriteBytes(ByteString.CopyFrom(value));
            }
        }

        return message.ToArray();
    }

    /// <summary>Returns true if the code of the whole response (field 1) is OK, which is 1.</summary>
    private static bool IsOk(byte[] response)
    {
        var input = new CodedInputStream(response);
        while (input.ReadTag() is not 0 and var tag)
        {
            if (WireFormat.GetTagFieldNumber(tag) == 1)
                return input.ReadEnum() == 1;
            input.SkipLastField();
        }

        return false;
    }
}
