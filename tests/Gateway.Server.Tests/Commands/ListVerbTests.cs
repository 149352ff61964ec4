namespace Gateway.Server.Tests.Commands;

/// <summary>The verbs for the lists that policies name.</summary>
public sealed class ListVerbTests : IAsyncLifetime, IDisposable
{
    private readonly ManagedGateway _gateway = new();

    public Task InitializeAsync() => _gateway.InitializeAsync();

    public Task DisposeAsync() => _gateway.DisposeAsync();

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public async Task Sets_shows_changes_and_deletes_a_list()
    {
        _gateway.Write("people.txt", "ana@example.com\r\n\n  bo@example.com  \nana@example.com\n");
        _gateway.Write("more.json", """["cy@example.com", "di@example.com"]""");
        _gateway.Write("free.json", """{ "version": "1", "default": "deny" }""");
        _gateway.Write("p.json", """
            { "version": "1", "default": "deny", "tools": { "a": { "require": [
              { "path": "args.to", "op": "in", "list": "people" } ] } } }
            """);
        Assert.Contains("no list", await WellAsync("list", "show"), StringComparison.Ordinal);
        Assert.Contains("there is no list \"people\"",
            (await _gateway.NotWellAsync(2, "policy", "set", "one", "p.json")).Errors, StringComparison.Ordinal);

        await WellAsync("list", "set", "people", "people.txt");
        await WellAsync("policy", "set", "one", "p.json");
        Assert.Equal("ana@example.com\nbo@example.com\n", await WellAsync("list", "show", "people"));
        Assert.Contains("2 of 3 values added: people has 4 values",
            await WellAsync("list", "add", "people", "bo@example.com", "--file", "more.json"),
            StringComparison.Ordinal);
        Assert.Contains("1 of 1 values removed: people has 3 values",
            await WellAsync("list", "remove", "people", "bo@example.com"), StringComparison.Ordinal);
        Assert.Matches("people +3 +one +api", await WellAsync("list", "show"));

        var used = await _gateway.NotWellAsync(1, "list", "delete", "people");
        Assert.Contains("used by the policies one", used.Errors, StringComparison.Ordinal);
        await WellAsync("policy", "set", "one", "free.json");
        await WellAsync("list", "delete", "people");
    }

    [Fact]
    public async Task Says_what_is_wrong_and_what_to_write()
    {
        _gateway.Write("wrong.json", """["a", 1]""");
        File.WriteAllBytes(Path.Combine(_gateway.Folder, "wrong.txt"), [0x61, 0xff, 0x0a]);

        Assert.Contains("a string in quotes",
            (await _gateway.NotWellAsync(2, "list", "set", "x", "wrong.json")).Errors, StringComparison.Ordinal);
        Assert.Contains("not UTF-8",
            (await _gateway.NotWellAsync(2, "list", "set", "x", "wrong.txt")).Errors, StringComparison.Ordinal);
        await _gateway.NotWellAsync(2, "list", "set", "x", "nowhere.txt");
        Assert.Contains("Name the values",
            (await _gateway.NotWellAsync(2, "list", "add", "x")).Errors, StringComparison.Ordinal);
        Assert.Contains("gateway list show",
            (await _gateway.NotWellAsync(1, "list", "add", "x", "v")).Errors, StringComparison.Ordinal);
        await _gateway.NotWellAsync(1, "list", "delete", "x");
    }

    [Fact]
    public async Task Explains_and_tests_a_policy_with_lists_of_a_file()
    {
        _gateway.Write("p.json", """
            { "version": "1", "default": "deny", "tools": { "a": { "require": [
              { "path": "args.to", "op": "in", "list": "people", "as": "lower" } ] } } }
            """);
        _gateway.Write("people.json", """["Ana"]""");
        _gateway.Write("lists.json", """{ "people": ["Ana"] }""");
        _gateway.Write("cases.json", """
            { "policy": "p.json", "lists": { "people": ["bo"] }, "cases": [
              { "tool": "a", "args": { "to": "BO" }, "outcome": "allowed" },
              { "tool": "a", "args": { "to": "Ana" }, "outcome": "denied" } ] }
            """);
        string[] call = ["policy", "explain", "p.json", "a", "--args", """{"to":"ana"}"""];

        await WellAsync([.. call, "--lists", "lists.json"]);
        Assert.Contains("\"people\" cannot be read now",
            (await _gateway.NotWellAsync(1, call)).Output, StringComparison.Ordinal);
        await _gateway.NotWellAsync(2, [.. call, "--lists", "p.json"]);
        await WellAsync("policy", "test", "cases.json");
        _gateway.Write("tested.json", """
            { "version": "1", "default": "deny",
              "tools": { "a": { "require": [ { "path": "args.to", "op": "in", "list": "people" } ] } },
              "tests": [ { "name": "ana", "call": { "tool": "a", "arguments": { "to": "Ana" } }, "expect": "allow" } ] }
            """);
        await WellAsync("policy", "test", "tested.json", "--lists", "lists.json");
        await _gateway.NotWellAsync(1, "policy", "test", "tested.json");
        await WellAsync("list", "set", "people", "people.json");
        await WellAsync("policy", "set", "one", "tested.json");
        await WellAsync("list", "remove", "people", "Ana");
        await _gateway.NotWellAsync(1, "policy", "set", "one", "tested.json");
        Assert.Equal(0, (await _gateway.Cli.RunAsync("policy", "validate", "p.json")).ExitCode);
    }

    private Task<string> WellAsync(params string[] arguments) => _gateway.WellAsync(arguments);
}
