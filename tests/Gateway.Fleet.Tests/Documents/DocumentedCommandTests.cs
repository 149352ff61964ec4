namespace Gateway.Fleet.Tests.Documents;

/// <summary>
/// Each command that a page for users shows in a fenced block runs here, as it is written, and succeeds.
/// <c>stage.sh</c> makes what the page presumes.
/// </summary>
[Trait("run", "full")]
public sealed partial class DocumentedCommandTests
{
    private const string EndOfBlock = "@@status@@";

    public static TheoryData<string> Pages =>
    [
        .. Directory.GetFiles(SourceTree.PathOf("docs"), "*.md", SearchOption.AllDirectories)
            .Append(SourceTree.PathOf("README.md"))
            .Where(static page => RunBlocks(page).Count > 0)
            .Select(static page => Path.GetRelativePath(SourceTree.Root, page).Replace('\\', '/')).Order(),
    ];

    [PostgresTheory]
    [MemberData(nameof(Pages))]
    public async Task Runs_the_commands_of_a_page(string path)
    {
        var (page, name) = (SourceTree.PathOf(path.Split('/')), Path.GetFileName(path));
        using var folder = new TestFolder("gateway-document-");
        await using var server = await RecordingServer.StartAsync();
        await using var database = name is "storage.md" or "postgresql-fleet.md"
            ? await PostgresCluster.StartNewAsync() : null;
        var gateway = $"http://127.0.0.1:{Ports.Free()}";
        (string Written, string Here)[] places =
        [
            ("https://gateway.internal:9090", gateway),
            ("https://gateway.example.com", gateway),
            ("http://127.0.0.1:8080", gateway),
            ("http://127.0.0.1:8090", gateway),
            ("127.0.0.1:8091", $"127.0.0.1:{Ports.Free()}"),
            ("127.0.0.1:8092", $"127.0.0.1:{Ports.Free()}"),
            ("127.0.0.1:8081", $"127.0.0.1:{Ports.Free()}"),
            ("127.0.0.1:8082", $"127.0.0.1:{Ports.Free()}"),
            ("0.0.0.0:8443", $"127.0.0.1:{Ports.Free()}"),
            ("127.0.0.1:9000", new Uri(server.Url).Authority),
            ("postgres://gateway@db/gateway", database?.Url() ?? ""),
            ("/var/lib/policy-gateway", $"{folder.Path}/data"),
            ("/etc/policy-gateway", folder.Path),
            ("/etc/prometheus", folder.Path),
            ("/mnt/old", $"{folder.Path}/old"),
        ];
        string Here(string text) => Given().Replace(
            places.Aggregate(text, static (all, one) => all.Replace(one.Written, one.Here, StringComparison.Ordinal)),
            "$1=\"$$$1\"");

        await using var terminal = Terminal.Start(folder.Path, new Dictionary<string, string>
        {
            ["HOME"] = folder.Path,
            ["PAGE"] = page,
            ["GATEWAY_URL"] = gateway,
            ["SERVER_URL"] = server.Url,
            ["DATABASE_URL"] = database?.Url() ?? "",
        });
        var stage = Path.Combine(folder.Path, "stage.sh");
        await File.WriteAllTextAsync(stage, Here(await File.ReadAllTextAsync(
            SourceTree.PathOf("tests", "Gateway.Fleet.Tests", "Documents", "stage.sh"))));
        await terminal.RunAsync($". {stage}");

        var wrong = new StringBuilder();
        var number = 0;
        foreach (var block in RunBlocks(page))
        {
            var place = $"{name}:{block.Line}";
            var scene = $"before_{Path.GetFileNameWithoutExtension(name).Replace('-', '_')}_{++number}";
            await CheckAsync(terminal, scene, $"if declare -F {scene} >/dev/null; then {scene}; fi", wrong);
            if (block.Language == "sh")
                await CheckAsync(terminal, place, Here(string.Join('\n', block.Lines)), wrong);
            foreach (var screen in Screen.Of([block]))
            {
                var printed = await terminal.RunAsync(Here(screen.Command));
                if (!screen.IsPrinted(printed))
                    wrong.Append(null, $"{name}:{screen.Line}: $ {screen.Command}\n{printed}\n");
            }
        }

        Assert.True(wrong.Length == 0, wrong.ToString());
    }

    private static List<DocumentBlock> RunBlocks(string page) =>
    [
        .. DocumentBlock.In(page).Where(static block => block is { Language: "sh" or "console", IsRun: true }),
    ];

    /// <summary>Runs commands and notes what they printed if one of them failed.</summary>
    private static async Task CheckAsync(Terminal terminal, string place, string commands, StringBuilder wrong)
    {
        var printed = await terminal.RunAsync($"failed=\n{commands}\nprintf '%s%s' '{EndOfBlock}' \"$failed\"");
        if (!printed.TrimEnd().EndsWith(EndOfBlock, StringComparison.Ordinal))
            wrong.Append(null, $"{place}: {printed}\n");
    }

    // NAME=… stands for a secret of the reader's own.
    [GeneratedRegex(@"\b([A-Z_]+)=(?:pgwadm_)?…")]
    private static partial Regex Given();
}
