namespace Gateway.Server.Tests.Operators;

/// <summary>Signed-in browsers, seen and ended from a shell.</summary>
public sealed class SessionVerbTests
{
    private const string Password = "correct horse battery staple";

    [Fact]
    public async Task Lists_whose_they_are_and_signs_one_out_by_the_beginning_of_its_id()
    {
        await using var bench = await AdminBench.StartAsync();
        foreach (var name in (string[])["ana", "ben"])
        {
            await bench.SendAsync("POST", "operators", new JsonObject
            {
                ["name"] = name,
                ["password"] = Password,
                ["roles"] = new JsonArray("viewer"),
            });
        }

        var address = new Uri(bench.Host.Addresses[0]);
        using var ana = new OperatorBrowser(address);
        using var ben = new OperatorBrowser(address);
        await ana.SignInAsync("ana", Password);
        await ben.SignInAsync("ben", Password);
        var cli = new Cli(bench.Folder, address, bench.AdminKey);

        var listed = await cli.RunAsync("session", "list");
        var bens = await cli.RunAsync("session", "list", "--operator", "ben", "--json");
        var id = (string)Assert.Single(JsonNode.Parse(bens.Output)!.AsArray())!["id"]!;
        var revoked = await cli.RunAsync("session", "revoke", id[..12]);
        var again = await cli.RunAsync("session", "revoke", id[..12]);

        Assert.Contains("ana", listed.Output, StringComparison.Ordinal);
        Assert.Contains(id[..12], listed.Output, StringComparison.Ordinal);
        Assert.Equal((0, 1), (revoked.ExitCode, again.ExitCode));
        Assert.Contains("gateway session list", again.Errors, StringComparison.Ordinal);
        Assert.Equal(401, (await ben.SendAsync("GET", "session")).Status);
        Assert.Equal(200, (await ana.SendAsync("GET", "session")).Status);
    }
}
