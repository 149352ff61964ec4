using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Importing;
using Gateway.Catalogue.Indexing;

namespace Gateway.Catalogue.Tests.Importing;

public sealed class DumpImporterTests : IDisposable
{
    private readonly TestFolder _folder = new("gateway-dumps-");

    private string Index => Path.Combine(_folder.Path, "made", "index");

    [Theory]
    [InlineData("a tools/list", """{"tools":[{"name":"send_mail","inputSchema":{}}]}""", "given", 1)]
    [InlineData("an answer", """{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"send_mail"}]}}""", "given", 1)]
    [InlineData("tools only", """[{"name":"send_mail","arguments":[{"name":"to","type":"string"}]}]""", "given", 1)]
    [InlineData("a server", """{"name":"a/crm","description":"x","tools":[{"name":"send_mail"}]}""", "a/crm", 1)]
    [InlineData("a list", """[{"name":"a/crm","tools":{"send_mail":{"description":"x"}}}]""", "a/crm", 1)]
    [InlineData("named servers", """{"a/crm":{"path":"x","tools":{"send_mail":{"name":"send_mail"}}}}""", "a/crm", 1)]
    [InlineData("an entry", """{"name":"a/crm","version":"1.0.0","remotes":[]}""", "a/crm", 0)]
    [InlineData("a page of the registry", """{"servers":[{"server":{"name":"a/crm"},"_meta":{}}]}""", "a/crm", 0)]
    [InlineData("a crawled one",
        """{"metadata":{"server_info_crawled":{"name":"C","author":"a/crm","tools":[{"name":"send_mail"}]}}}""",
        "a/crm", 1)]
    public void Reads_what_is_published(string what, string dump, string server, int tools)
    {
        var report = Import(("given.json", dump));

        Assert.True(report.Refused == 0, what);
        Assert.Equal((1, tools), (report.Servers, report.Tools));
        var found = CatalogueIndex.Open(Index).Search(new SearchQuestion("") { Server = server });
        Assert.Equal(tools, found.Total);
        Assert.Equal(server, Assert.Single(found.Servers).Name);
    }

    [Fact]
    public void Takes_the_name_of_the_folder_where_the_file_says_nothing()
    {
        Import(("calendar/tools.json", """[{"name":"list_events","arguments":[]}]"""));

        Assert.Equal("calendar", Found("events").Single().Server);
    }

    [Fact]
    public void Reports_each_refused_line_with_its_position()
    {
        var report = Import(("dump.jsonl", """
            {"name":"a","tools":[{"name":"one"},{"description":"no name"},7]}

            {"name":"b","tools":[
            {"name":"c","tools":[{"name":"two"}]}
            "a text"
            {"name":""}
            {"name":"\ud800","tools":[]}
            """),
            ("whole.json", "{\n  \"tools\": [}\n}"),
            ("package.json", """{"name":"left-pad","main":"index.js"}"""));

        Assert.Equal(2, report.Tools);
        Assert.Equal(
            [
                "dump.jsonl:1/tools/1", "dump.jsonl:1/tools/2", "dump.jsonl:3:22", "dump.jsonl:5", "dump.jsonl:6",
                "dump.jsonl:7", "package.json", "whole.json:2:13",
            ],
            report.Refusals.Select(one => Path.GetRelativePath(_folder.Path, one.Place)).Order(StringComparer.Ordinal));
        Assert.All(report.Refusals, static one => Assert.NotEmpty(one.Reason));
    }

    [Fact]
    public void Joins_what_several_files_say_of_one_server()
    {
        var report = Import(
            ("a.json", """{"name":"crm","tools":[{"name":"one"},{"name":"two","description":"first"}]}"""),
            ("b.json", """{"name":"crm","tools":[{"name":"two","description":"second"},{"name":"three"}]}"""),
            ("c.json", """{"name":"crm","description":"Customers.","remotes":[]}"""));

        Assert.Equal((1, 3, 1), (report.Servers, report.Tools, report.Repeated));
        Assert.Equal("first", Found("two").Single().Description);
        var found = CatalogueIndex.Open(Index).Search(new SearchQuestion("crm"));
        Assert.Equal("Customers.", found.Servers.Single().Description);
    }

    [Fact]
    public void Classifies_by_the_schema_too()
    {
        Import(("crm.json", """
            {"tools":[{"name":"manage","input_schema":{"properties":{"action":{"enum":["list","delete"]}}}}]}
            """));

        Assert.Equal(ToolCategory.Destructive, Found("manage").Single().Category);
    }

    [Fact]
    public void Bounds_what_it_reads()
    {
        var options = new DumpOptions
        {
            FileBytesMax = 1000,
            LineBytesMax = 200,
            DefinitionBytesMax = 1000,
            ToolsMax = 2,
            ServersMax = 2,
            RefusalsMax = 2,
        };

        var report = Import(options,
            ("big.json", new string(' ', 1001)),
            ("lines.jsonl", $$"""
                {"name":"a","tools":[{"name":"t1"},{"name":"t2"},{"name":"t3"}]}
                {"name":"b","description":"{{new string('x', 300)}}"}
                {"name":"c","type":"mcp-server"}
                {"name":"d","type":"mcp-server"}
                """));

        Assert.Equal((2, 2, 4, 2), (report.Servers, report.Tools, report.Refused, report.Refusals.Count));
    }

    [Fact]
    public void A_schema_that_is_too_long_is_left_out_and_the_tool_stays()
    {
        Import(("crm.json", """{"tools":[{"name":"look_up","description":"D","inputSchema":{"properties":{"X":{}}}}]}"""
            .Replace("D", new string('d', 5_000), StringComparison.Ordinal)
            .Replace("X", new string('x', 100_000), StringComparison.Ordinal)));

        Assert.Equal(IndexFormat.TextCharsMax, Found("look").Single().Description!.Length);
    }

    [Fact]
    public void Is_not_carried_away_by_a_document_that_is_nested_deeply()
    {
        var report = Import(("deep.json", string.Concat(Enumerable.Repeat("[", 100_000))));

        Assert.Equal((0, 1), (report.Servers, report.Refused));
        Assert.False(File.Exists(Index));
    }

    [Fact]
    public void The_index_before_stays_where_nothing_was_read_or_the_import_was_stopped()
    {
        Import(("a.json", """{"name":"crm","tools":[{"name":"one"}]}"""));
        var before = File.ReadAllBytes(Index);
        File.WriteAllText(Path.Combine(_folder.Path, "a.json"), "nothing");

        Assert.Equal(0, Import().IndexBytes);
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Assert.Throws<OperationCanceledException>(() =>
            new DumpImporter(new DumpOptions(), TimeProvider.System)
                .Import([_folder.Path], Index, null, stopped.Token));

        Assert.Equal(before, File.ReadAllBytes(Index));
        Assert.Equal(["index"], Directory.GetFiles(Path.GetDirectoryName(Index)!).Select(Path.GetFileName));
    }

    public void Dispose() => _folder.Dispose();

    private IReadOnlyList<IndexedTool> Found(string text) =>
        CatalogueIndex.Open(Index).Search(new SearchQuestion(text)).Tools;

    private DumpReport Import(params (string Name, string Content)[] files) => Import(new DumpOptions(), files);

    private DumpReport Import(DumpOptions options, params (string Name, string Content)[] files)
    {
        foreach (var (name, content) in files)
        {
            var path = Path.Combine(_folder.Path, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, content);
        }

        return new DumpImporter(options, TimeProvider.System)
            .Import([_folder.Path], Index, null, CancellationToken.None);
    }
}
