using Code = Gateway.EnvoyRls.Protocol.RateLimitResponse.Types.Code;

namespace Gateway.EnvoyRls.Tests.Serving;

/// <summary>Envoy's rate limit service over real sockets: its wire, and what no caller should send.</summary>
public sealed class LimitServiceTests(LimitService service) : IClassFixture<LimitService>
{
    private const string Health = "/grpc.health.v1.Health/Check";

    [Fact]
    public async Task Answers_a_request_byte_by_byte_as_the_protocol_numbers_its_fields()
    {
        // {domain: "shop", descriptors: [{entries: [{key: "user", value: "wire"}]}], hits_addend: 2}
        var request = Convert.FromHexString("0a0473686f70120e0a0c0a0475736572120477697265" + "1802");

        var (status, first) = await service.PostAsync(GrpcCall.Frame(request));
        var (_, second) = await service.PostAsync(GrpcCall.Frame(request));

        Assert.Equal(0, status);
        // {overall_code: OK, statuses: [{code: OK, current_limit: {requests_per_unit: 2, unit: YEAR}, no room left, …
        var answer = Convert.ToHexStringLower(first);
        Assert.Equal("080112", answer[..6]);
        Assert.Equal("0801" + "120408021006" + "22", answer[8..26]);
        Assert.Equal("0802", Convert.ToHexStringLower(second)[..4]);
    }

    [Fact]
    public async Task Counts_goes_on_over_a_connection_and_refuses_what_is_over()
    {
        var codes = new List<Code>();
        for (var i = 0; i < 3; i++)
            codes.Add((await service.AnswerAsync(LimitService.User("anna"))).OverallCode);

        Assert.Equal([Code.Ok, Code.Ok, Code.OverLimit], codes);
    }

    [Fact]
    public async Task Many_at_once_get_no_more_than_there_is()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ =>
            service.AnswerAsync(LimitService.Of("path", "/many", hits: 50))));

        Assert.Equal(20, answers.Count(static answer => answer.OverallCode == Code.Ok));
    }

    [Fact]
    public async Task Refuses_with_the_protocols_own_codes_what_is_no_request()
    {
        var good = GrpcCall.Frame([0x0a, 0x00]);
        (int Status, string Words, byte[] Body)[] cases =
        [
            (3, "the body contains no message", []),
            (3, "the body contains no message", [0, 0, 0]),
            (3, "the body ends before its message is complete", GrpcCall.Frame([0x0a], length: 10)),
            (3, "the message is malformed", GrpcCall.Frame([0xff, 0xff, 0xff])),
            (3, "the message is malformed", GrpcCall.Frame([0x0a, 0x7f, 0x61])),
            (3, "rate limit domain must not be empty", good),
            (12, "compressed messages are not supported", GrpcCall.Frame([0x0a, 0x00], flag: 1)),
            (12, "only one message is accepted", [.. good, .. good]),
            (8, "the message has 65537 bytes; at most 65536 are accepted", GrpcCall.Frame(new byte[65_537])),
            (8, "bytes; at most 65536 are accepted", GrpcCall.Frame([], length: -1)),
        ];
        foreach (var (expected, words, body) in cases)
        {
            var (status, message) = await service.PostAsync(body);
            Assert.Contains(words, Encoding.UTF8.GetString(message), StringComparison.Ordinal);
            Assert.Equal(expected, status);
        }
    }

    [Fact]
    public async Task Refuses_hostile_bytes_and_goes_on()
    {
        var random = new Random(20_261_122);
        for (var i = 0; i < 300; i++)
        {
            var bytes = new byte[random.Next(1, 200)];
            random.NextBytes(bytes);
            var (status, _) = await service.PostAsync(i % 3 == 0 ? bytes : GrpcCall.Frame(bytes));
            Assert.Contains(status, (int[])[0, 3, 8, 12]);
        }

        Assert.Equal(Code.Ok, (await service.AnswerAsync(LimitService.User("after"))).OverallCode);
    }

    [Fact]
    public async Task Keeps_to_the_callers_deadline()
    {
        var (late, _) = await service.AskAsync(LimitService.User("late"), headers: ("grpc-timeout", "0m"));
        var (wrong, _) = await service.AskAsync(LimitService.User("late"), headers: ("grpc-timeout", "soon"));
        var (inTime, _) = await service.AskAsync(LimitService.User("late", hits: 2), headers: ("grpc-timeout", "1M"));

        Assert.Equal((4, 3, 0), (late, wrong, inTime));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("envoy.service.ratelimit.v3.RateLimitService", 0)]
    [InlineData("ratelimit", 0)]
    [InlineData("other", 5)]
    public async Task Answers_health_checks(string name, int expected)
    {
        var (status, message) = await service.AskAsync(new HealthCheckRequest { Service = name }, Health);

        Assert.Equal(expected, status);
        if (status == 0)
            Assert.Equal([8, 1], message);
    }

    [Fact]
    public async Task Its_listener_answers_nothing_else_and_no_other_listener_answers_it()
    {
        foreach (var path in (string[])["/readyz", "/mcp/srv", "/api/v1/grants", "/metrics", Health + "s"])
            Assert.Equal(12, (await service.AskAsync(new HealthCheckRequest(), path)).Status);
        using var client = service.Client();
        using var plain = await client.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, plain.StatusCode);

        using var agents = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var content = new ByteArrayContent([]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        using var elsewhere = await agents.PostAsync(new Uri(service.Agents, LimitService.Decide), content);
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
    }
}
