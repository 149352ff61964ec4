namespace Gateway.Server.Tests.Approvals;

/// <summary>What a person is asked about lies encrypted, and goes with the request.</summary>
public sealed class SealedArgumentsTests
{
    private const string Value = "4711-0815-2342";

    [Fact]
    public async Task Keeps_argument_values_encrypted_and_shows_them_to_the_person()
    {
        await using var bench = await ApprovalBench.StartAsync();

        var id = await bench.AskAsync($$"""{"amount":5,"card":"{{Value}}"}""");

        Assert.Contains("sealedArguments", Stored(bench), StringComparison.Ordinal);
        Assert.DoesNotContain(Value, Stored(bench), StringComparison.Ordinal);
        var cli = new Cli(bench.Gateway.Folder, bench.Gateway.Address, ApprovalBench.AdminKey);
        Assert.Contains(Value, (await cli.RunAsync("approvals", "list")).Output, StringComparison.Ordinal);
        await bench.RestartAsync();
        Assert.Contains(Value, (await cli.RunAsync("approvals", "list")).Output, StringComparison.Ordinal);

        var approved = await cli.RunAsync("approvals", "approve", id, "--by", "Ada", "--json");
        Assert.Equal(Value, (string?)JsonNode.Parse(approved.Output)!["arguments"]!["card"]);
        Assert.DoesNotContain(Value, Stored(bench), StringComparison.Ordinal);
        Assert.True(ApprovalBench.IsDone(await bench.CallAsync($$"""{"amount":5,"card":"{{Value}}"}""")));
        Assert.DoesNotContain("sealedArguments", Stored(bench), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Removes_them_with_a_denial()
    {
        await using var bench = await ApprovalBench.StartAsync();
        var id = await bench.AskAsync($$"""{"amount":5,"card":"{{Value}}"}""");
        var cli = new Cli(bench.Gateway.Folder, bench.Gateway.Address, ApprovalBench.AdminKey);

        await cli.RunAsync("approvals", "deny", id);

        Assert.DoesNotContain("sealedArguments", Stored(bench), StringComparison.Ordinal);
    }

    private static string Stored(ApprovalBench bench) => string.Concat(
        Directory.EnumerateFiles(bench.Gateway.Folder, "*.json", SearchOption.AllDirectories)
            .Where(static path => path.Contains("approvals", StringComparison.Ordinal)).Select(File.ReadAllText));
}
