namespace Gateway.Server.Tests.Admin;

public sealed class BacktestTests
{
    [Fact]
    public async Task A_job_is_begun_asked_listed_and_forgotten()
    {
        await using var bench = await AdminBench.StartAsync();
        await bench.CallAsync(await bench.ProvideAsync());

        var begun = await bench.SendAsync("POST", "backtests", Body());
        Assert.Equal(202, begun.Status);
        var path = $"backtests/{begun.Json!["id"]}";
        var done = begun.Json;
        await Soon.UntilAsync(
            async () => (string)(done = (await bench.SendAsync("GET", path)).Json!)["state"]! == "done",
            "the end of the job");
        Assert.Equal((1d, 1), ((double)done["progress"]!, (int)done["result"]!["judged"]!));
        Assert.Equal(1, (int)done["result"]!["same"]!);
        var listed = Assert.Single((await bench.SendAsync("GET", "backtests")).Json!["items"]!.AsArray());
        Assert.Equal((string)begun.Json["id"]!, (string)listed!["id"]!);
        Assert.Null(listed["result"]);

        Assert.Equal(204, (await bench.SendAsync("DELETE", path)).Status);
        Assert.Equal(404, (await bench.SendAsync("DELETE", path)).Status);
        Assert.Equal(404, (await bench.SendAsync("GET", path)).Status);
    }

    [Fact]
    public async Task An_invalid_request_is_explained()
    {
        await using var bench = await AdminBench.StartAsync();
        var wrong = await bench.SendAsync("POST", "backtests", Body("""{"version":"1","default":"perhaps"}"""));
        Assert.Equal(422, wrong.Status);
        Assert.Equal("/default", (string)wrong.Json!["errors"]![0]!["pointer"]!);
        var when = Body();
        when["since"] = "last week";
        Assert.Equal(422, (await bench.SendAsync("POST", "backtests", when)).Status);
        Assert.Equal(400, (await bench.SendAsync("POST", "backtests", new JsonObject { ["polcy"] = 1 })).Status);
    }

    [Fact]
    public async Task The_records_of_a_fleet_are_merged_and_who_sends_none_is_named()
    {
        await using var one = await AdminBench.StartAsync(SameKey);
        await using var other = await AdminBench.StartAsync(SameKey);
        await CallAsync(one, 2);
        await CallAsync(other, 3);
        var body = Body();
        one.SetFleet(other.Host.Addresses[0], "http://127.0.0.1:1");
        body["frontends"] = new JsonArray(
            one.Host.Addresses[0], other.Host.Addresses[0], other.Host.Addresses[0], "http://127.0.0.1:1");

        var job = await DoneAsync(one, body);

        Assert.Equal((5, 5), ((int)job["result"]!["judged"]!, (int)job["result"]!["same"]!));
        Assert.Equal(other.Host.Addresses[0], (string?)Assert.Single(job["frontends"]!.AsArray()));
        Assert.Equal("http://127.0.0.1:1", (string?)Assert.Single(job["away"]!.AsArray())!["frontend"]);
    }

    [Fact]
    public async Task A_frontend_that_breaks_off_fails_the_job_which_says_so()
    {
        await using var bench = await AdminBench.StartAsync(SameKey);
        await using var broken = await LoopbackServer.StartAsync(
            static http => http.Response.WriteAsync("{\"kind\":\"recording\",\"instance\":\"x\"}\n"));
        var body = Body();
        bench.SetFleet(broken.Url.ToString());
        body["frontends"] = new JsonArray(broken.Url.ToString());

        var job = await DoneAsync(bench, body, "failed");

        Assert.Contains("ended early", (string)job["problem"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.7:8081")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://user:secret@10.0.0.7")]
    public async Task What_is_no_address_of_a_frontend_is_refused(string frontend)
    {
        await using var bench = await AdminBench.StartAsync();
        var body = Body();
        body["frontends"] = new JsonArray(frontend);
        var refused = await bench.SendAsync("POST", "backtests", body);
        Assert.Equal(422, refused.Status);
        Assert.Contains("https://10.0.0.7:8081", (string)refused.Json!["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_with_a_frontend_that_is_not_a_member_of_the_fleet_sends_nothing()
    {
        await using var bench = await AdminBench.StartAsync(SameKey);
        await using var stranger = await RecordingServer.StartAsync();
        await using var member = await RecordingServer.StartAsync();
        bench.SetFleet(member.Url);
        var host = new Uri(stranger.Url).GetLeftPart(UriPartial.Authority);
        string[] tried =
        [
            host, $"{host}/api/v1/audit/recording", $"http://{new Uri(member.Url).Authority}@{host[7..]}",
            member.Url.Replace("http:", "https:", StringComparison.Ordinal), "http://169.254.169.254/",
            "http://metadata.google.internal/", "http://[fd00:ec2::254]/", "http://10.0.0.7:8081",
        ];

        foreach (var frontend in tried)
        {
            var body = Body();
            body["frontends"] = new JsonArray(frontend);
            var refused = await bench.SendAsync("POST", "backtests", body);
            Assert.Equal(422, refused.Status);
        }

        Assert.Empty(stranger.Requests);
        Assert.Empty(member.Requests);
    }

    [Fact]
    public async Task A_running_job_is_cancelled_and_no_more_run_at_once_than_may()
    {
        await using var bench = await AdminBench.StartAsync(SameKey);
        await using var endless = await EndlessFrontend.StartAsync();
        var body = Body();
        bench.SetFleet(endless.Url.ToString());
        body["frontends"] = new JsonArray(endless.Url.ToString());
        var paths = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var begun = await bench.SendAsync("POST", "backtests", body);
            Assert.Equal((202, "running"), (begun.Status, (string)begun.Json!["state"]!));
            paths.Add($"backtests/{begun.Json["id"]}");
        }

        var third = await bench.SendAsync("POST", "backtests", Body());
        Assert.Equal(429, third.Status);
        Assert.Contains("DELETE", (string)third.Json!["detail"]!, StringComparison.Ordinal);
        Assert.Equal("running", (string)(await bench.SendAsync("GET", paths[0])).Json!["state"]!);

        foreach (var path in paths)
            Assert.Equal(204, (await bench.SendAsync("DELETE", path)).Status);
        Assert.Empty((await bench.SendAsync("GET", "backtests")).Json!["items"]!.AsArray());
        await Soon.UntilAsync(() => endless.Open == 0, "the other frontend's record is asked for no more");
        await DoneAsync(bench, Body());
    }

    [Fact]
    public async Task Of_jobs_that_ended_so_many_are_kept_as_may()
    {
        await using var bench = await AdminBench.StartAsync();
        var first = await DoneAsync(bench, Body());
        for (var i = 0; i < 16; i++)
            await DoneAsync(bench, Body());
        Assert.Equal(16, (await bench.SendAsync("GET", "backtests")).Json!["items"]!.AsArray().Count);
        Assert.Equal(404, (await bench.SendAsync("GET", $"backtests/{first["id"]}")).Status);
    }

    [Fact]
    public async Task A_viewer_cannot_start_a_backtest_because_it_could_reveal_recorded_values()
    {
        await using var bench = await AdminBench.StartAsync();
        var reader = await bench.KeyOfAsync("reader", "viewer");
        Assert.Equal(403, (await bench.SendAsync("POST", "backtests", Body(), key: reader)).Status);
        Assert.Equal(200, (await bench.SendAsync("GET", "backtests", key: reader)).Status);
    }

    private static string SameKey => $$"""{ "admin": { "key": "{{AdminBench.ConfiguredKey}}" } }""";

    private static async Task CallAsync(AdminBench bench, int calls)
    {
        var token = await bench.ProvideAsync();
        for (var i = 0; i < calls; i++)
            await bench.CallAsync(token);
    }

    private static async Task<JsonObject> DoneAsync(AdminBench bench, JsonObject body, string state = "done")
    {
        var begun = await bench.SendAsync("POST", "backtests", body);
        Assert.True(begun.Status == 202, begun.Json?.ToJsonString());
        var job = begun.Json!.AsObject();
        await Soon.UntilAsync(
            async () => (string)(job = (await bench.SendAsync("GET", $"backtests/{job["id"]}")).Json!.AsObject())[
                "state"]! != "running",
            "the end of the job");
        Assert.Equal(state, (string)job["state"]!);
        return job;
    }

    private static JsonObject Body(string policy = AdminBench.Limited) =>
        new() { ["policy"] = JsonNode.Parse(policy), ["since"] = "1h" };
}
