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
    public async Task What_is_wrong_with_a_request_is_told()
    {
        await using var bench = await AdminBench.StartAsync();
        var wrong = await bench.SendAsync("POST", "backtests", Body("""{"version":"1","default":"perhaps"}"""));
        Assert.Equal(422, wrong.Status);
        Assert.Equal("/default", (string)wrong.Json!["errors"]![0]!["pointer"]!);
        var when = Body();
        when["since"] = "yesterday";
        Assert.Equal(422, (await bench.SendAsync("POST", "backtests", when)).Status);
        Assert.Equal(400, (await bench.SendAsync("POST", "backtests", new JsonObject { ["polcy"] = 1 })).Status);
    }

    [Fact]
    public async Task Whoever_may_only_read_begins_none_since_it_could_tell_recorded_values()
    {
        await using var bench = await AdminBench.StartAsync();
        var reader = await bench.KeyOfAsync("reader", "viewer");
        Assert.Equal(403, (await bench.SendAsync("POST", "backtests", Body(), key: reader)).Status);
        Assert.Equal(200, (await bench.SendAsync("GET", "backtests", key: reader)).Status);
    }

    private static JsonObject Body(string policy = AdminBench.Limited) =>
        new() { ["policy"] = JsonNode.Parse(policy), ["since"] = "1h" };
}
