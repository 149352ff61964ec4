using System.IO.Compression;
using System.Security.Cryptography;

namespace Gateway.Server.Tests.Commands;

/// <summary>What public servers offer is imported, and searched together with what is registered.</summary>
public sealed class SearchVerbTests : IAsyncLifetime
{
    private AdminBench _bench = null!;
    private Cli _cli = null!;

    public async Task InitializeAsync()
    {
        _bench = await AdminBench.StartAsync();
        await _bench.ProvideAsync();
        _cli = new Cli(_bench.Folder, new Uri(_bench.Host.Addresses[0]), _bench.AdminKey);
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Finds_registered_and_imported_tools_as_soon_as_they_are_there()
    {
        var before = await SearchAsync("q=customer");
        await _bench.SendAsync("GET", "catalogue/crm");
        var asked = await SearchAsync("q=customer&of=registered");
        await ImportAsync("""{"name":"acme/shop","tools":[{"name":"ban_customer"},{"name":"list_goods"}]}""");
        var imported = await SearchAsync("q=customer");
        await ImportAsync("""{"name":"acme/shop","tools":[{"name":"list_goods"}]}""");
        var afterwards = await SearchAsync("q=customer&of=public");

        Assert.True((bool)before["index"]!["published"]!);
        Assert.All(before["items"]!.AsArray(), static tool => Assert.False((bool)tool!["registered"]!));
        Assert.Contains("delete_customer", Names(asked));
        Assert.DoesNotContain("ban_customer", Names(asked));
        Assert.Contains("ban_customer", Names(imported));
        Assert.Equal((int)asked["total"]! + 1, (int)imported["total"]!);
        Assert.Equal((1, 2), ((int)imported["index"]!["servers"]!, (int)imported["index"]!["tools"]!));
        Assert.Equal(1, (int)imported["facets"]!["servers"]!.AsArray()
            .Single(static one => !(bool)one!["registered"]!)!["count"]!);
        Assert.Equal(
            (int)imported["total"]!, imported["facets"]!["risks"]!.AsObject().Sum(static one => (int)one.Value!));
        Assert.Equal(0, (int)afterwards["total"]!);
    }

    [Fact]
    public async Task Searches_by_the_command_line_with_and_without_a_gateway()
    {
        await _bench.SendAsync("GET", "catalogue/crm");
        await ImportAsync("""{"name":"acme/pay","tools":[{"name":"refund","description":"Gives \u001b[2Jback."}]}""");

        var asked = await _cli.RunAsync("catalogue", "search", "delete", "custom", "--server", "crm", "--json");
        var shown = await _cli.RunAsync(
            "catalogue", "search", "refund", "--category", "Financial", "--risk", "Critical");
        var folder = await _cli.RunAsync("catalogue", "search", "refund", "--data", "data", "--json");
        var wrong = await _cli.RunAsync("catalogue", "search", "refund", "--risk", "Enormous");
        await File.WriteAllTextAsync(Path.Combine(_bench.Folder, "data", "catalogue", "public.index"), "cut");
        var damaged = await _cli.RunAsync("catalogue", "search", "refund", "--data", "data");
        var without = await _cli.RunAsync("catalogue", "search", "delete", "--json");

        var found = JsonNode.Parse(asked.Output)!;
        Assert.Equal(["delete_customer"], Names(found));
        Assert.Equal("""[{"start":0,"length":6},{"start":7,"length":8}]""",
            found["items"]![0]!["highlights"]!["name"]!.ToJsonString());
        Assert.Contains("refund", shown.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', shown.Output);
        Assert.Equal(["refund"], Names(JsonNode.Parse(folder.Output)!));
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("Low, Medium, High, Critical", wrong.Errors, StringComparison.Ordinal);
        Assert.Equal(2, damaged.ExitCode);
        Assert.Contains("gateway catalogue import", damaged.Errors, StringComparison.Ordinal);
        Assert.Equal(["delete_customer"], Names(JsonNode.Parse(without.Output)!));
    }

    [Fact]
    public async Task A_new_gateway_finds_public_servers_that_can_do_something()
    {
        var found = await SearchAsync("q=refund&of=public&group=server&transport=stdio");
        var shown = await _cli.RunAsync("catalogue", "search", "refund", "--servers", "--transport", "stdio");
        var folder = await _cli.RunAsync("catalogue", "search", "refund", "--data", "empty", "--json");

        var groups = found["groups"]!.AsArray();
        Assert.InRange(groups.Count, 3, 20);
        Assert.All(groups, static one => Assert.Equal("Stdio", (string)one!["server"]!["transport"]!));
        Assert.All(groups, static one => Assert.InRange(one!["tools"]!.AsArray().Count, 1, 3));
        Assert.InRange((int)found["facets"]!["transports"]!["Http"]!, 1, 10_000);
        Assert.Equal((int)found["total"]!, (int)found["facets"]!["transports"]!["Stdio"]!);
        Assert.Contains((string)groups[0]!["server"]!["name"]!, shown.Output, StringComparison.Ordinal);
        Assert.Contains("transports: ", shown.Output, StringComparison.Ordinal);
        Assert.NotEmpty(Names(JsonNode.Parse(folder.Output)!));
    }

    [Fact]
    public async Task An_update_is_searched_by_the_running_gateway_and_a_wrong_signature_is_not()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await File.WriteAllTextAsync(Path.Combine(_bench.Folder, "key.pem"), key.ExportSubjectPublicKeyInfoPem());
        // A later release may add members.
        const string head = """
            {"format":"policy-gateway-catalogue","version":1,"madeAt":"2099-01-01T00:00:00Z","classifier":"5",
            "servers":1,"tools":1,"distinct":1,"later":1}
            """;
        const string server = """
            {"name":"acme","tools":[{"name":"ban_customer","class":"Write","risk":"Medium","confidence":0.9,
            "reasons":["It writes."],"rule":"limit","later":1}],"later":{}}
            """;
        var content = Brotli($"{head.ReplaceLineEndings("")}\n{server.ReplaceLineEndings("")}");
        await File.WriteAllBytesAsync(Path.Combine(_bench.Folder, "own.catalogue"), content);
        string[] update = ["catalogue", "update", "--from", "own.catalogue", "--data", "data"];
        await using var site = await LoopbackServer.StartAsync(http => http.Response.Body.WriteAsync(
            http.Request.Path.Value!.EndsWith(".sig", StringComparison.Ordinal)
                ? key.SignData(content, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
                : content).AsTask());

        var unsigned = await _cli.RunAsync([.. update, "--key", "key.pem"]);
        await File.WriteAllBytesAsync(Path.Combine(_bench.Folder, "own.catalogue.sig"), new byte[70]);
        var wrong = await _cli.RunAsync([.. update, "--key", "key.pem"]);
        var keyless = await _cli.RunAsync(update);
        var before = await SearchAsync("q=ban&of=public&server=acme");
        var right = await _cli.RunAsync(
            "catalogue", "update", "--from", $"{site.Url}own.catalogue", "--key", "key.pem", "--data", "data",
            "--json");
        var after = await SearchAsync("q=ban&of=public");

        Assert.Equal((1, 1, 2), (unsigned.ExitCode, wrong.ExitCode, keyless.ExitCode));
        Assert.Contains("own.catalogue.sig", unsigned.Errors, StringComparison.Ordinal);
        Assert.Contains("not signed by the expected key", wrong.Errors, StringComparison.Ordinal);
        Assert.Contains("--key FILE", keyless.Errors, StringComparison.Ordinal);
        Assert.Empty(Names(before));
        Assert.True(right.ExitCode == 0, right.Errors);
        Assert.Equal(1, (int)JsonNode.Parse(right.Output)!["servers"]!);
        Assert.Equal(["ban_customer"], Names(after));
        Assert.Equal("limit", (string)after["items"]![0]!["rule"]!);
        Assert.True((bool)after["index"]!["published"]!);
    }

    private static byte[] Brotli(string text)
    {
        using var stream = new MemoryStream();
        using (var packed = new BrotliStream(stream, CompressionLevel.Fastest))
            packed.Write(Encoding.UTF8.GetBytes(text));
        return stream.ToArray();
    }

    [Fact]
    public async Task Shows_an_operator_of_one_server_nothing_of_another()
    {
        await _bench.SendAsync("PUT", "servers/other", new JsonObject { ["url"] = _bench.Server.Address.ToString() });
        await _bench.SendAsync("GET", "catalogue/crm");
        await _bench.SendAsync("GET", "catalogue/other");
        var key = await _bench.KeyOfAsync("ana", "viewer:crm");

        var found = (await _bench.SendAsync("GET", "catalogue/search?q=customer&of=registered", key: key)).Json!;

        Assert.NotEmpty(Names(found));
        Assert.All(found["items"]!.AsArray(), static tool => Assert.Equal("crm", (string)tool!["server"]!));
        Assert.DoesNotContain("other", found.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("risk=7")]
    [InlineData("category=Reed")]
    [InlineData("limit=101")]
    [InlineData("limit=x")]
    [InlineData("of=mine")]
    [InlineData("transport=carrier")]
    [InlineData("group=tool")]
    public async Task Refuses_what_it_does_not_understand(string query) =>
        Assert.Equal(400, (await _bench.SendAsync("GET", $"catalogue/search?{query}")).Status);

    [Fact]
    public async Task Import_reads_standard_input()
    {
        _cli.Input = """{"name":"acme/shop","tools":[{"name":"list_goods"}]}""" + "\nno json";

        var run = await _cli.RunAsync("catalogue", "import", "-", "--data", "data", "--json");

        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(1, (int)JsonNode.Parse(run.Output)!["tools"]!);
        Assert.Contains("<stdin>:2:", run.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_bench.Folder, "data", "catalogue", "standard-input.jsonl")));
    }

    private async Task ImportAsync(string dump)
    {
        await File.WriteAllTextAsync(Path.Combine(_bench.Folder, "dump.jsonl"), dump + "\nno json");
        var run = await _cli.RunAsync("catalogue", "import", "dump.jsonl", "--data", "data", "--json");
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(1, (int)JsonNode.Parse(run.Output)!["servers"]!);
        Assert.Contains("dump.jsonl:2:", run.Errors, StringComparison.Ordinal);
    }

    private async Task<JsonNode> SearchAsync(string query)
    {
        var reply = await _bench.SendAsync("GET", $"catalogue/search?{query}");
        Assert.Equal(200, reply.Status);
        return reply.Json!;
    }

    private static IEnumerable<string> Names(JsonNode found) =>
        found["items"]!.AsArray().Select(static tool => (string)tool!["name"]!);
}
