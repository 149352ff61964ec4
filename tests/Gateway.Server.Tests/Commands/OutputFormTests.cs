using System.CommandLine;
using Gateway.Hosting;
using Gateway.Hosting.Commands.Printing;

namespace Gateway.Server.Tests.Commands;

/// <summary>The forms in which verbs print rows, the options of all verbs, and hints.</summary>
public sealed partial class OutputFormTests : IClassFixture<ManagedGateway>
{
    private readonly ManagedGateway _gateway;

    public OutputFormTests(ManagedGateway gateway) => _gateway = gateway;

    public static TheoryData<string, string> Verbs => new()
    {
        { "server list", "name,url,status,headers,programs,from" },
        { "grant list", "name,status,servers,last used,expires,from" },
        { "policy list", "name,sha256,grants,from,candidate" },
        { "list show", "name,values,policies,from" },
        { "history", "time,by,from,with,origin,action,object,reason,changes,about" },
        { "counter list", "counter,used,left,max,window,resets,counts" },
        { "top", "counter,used,left,max,window,resets,counts" },
        { "approvals list", "id,state,grant,server,tool,expires,by,arguments" },
        { "operator list", "name,status,roles,last used,display name" },
        { "catalogue search send email", "server,tool,category,risk,registered,description" },
        { "session list", "session,operator,since,seen,expires,from,browser" },
        { "usage", "server,outcome,calls,refused,over time,failed,p50 ms,p95 ms,p99 ms,issuer" },
        { "usage --by budget", "counter,server,grant,window,used,max,resets" },
        {
            "audit query --kind change",
            "time,kind,grant,server,tool,outcome,became,rule,reason,by,action,object,from,credential,credentialId,"
                + "origin,frontend,callId,caller,callerIssuer,text"
        },
    };

    [Theory, MemberData(nameof(Verbs))]
    public async Task A_verb_with_rows_prints_csv_and_json_and_takes_options_before_it(string verb, string heads)
    {
        var words = verb.Split(' ');

        var csv = await _gateway.WellAsync(["--output", "csv", .. words]);
        var json = await _gateway.WellAsync([.. words, "--output", "json"]);

        Assert.Equal(heads, csv.Split('\n')[0]);
        Assert.All(json.Split('\n').Where(line => words[0] == "audit" && line.Length > 0),
            static line => Assert.NotNull(JsonNode.Parse(line)));
        if (words[0] != "audit")
            Assert.NotNull(JsonNode.Parse(json));
    }

    [Theory]
    [InlineData("server", "list")]
    [InlineData("audit", "query", "--kind", "change")]
    public async Task Json_lines_have_an_item_of_a_list_on_each_line(params string[] verb)
    {
        var lines = (await _gateway.WellAsync([.. verb, "--output", "jsonl"])).TrimEnd('\n').Split('\n');

        Assert.True(lines.Length > 1);
        Assert.All(lines, static line => Assert.IsType<JsonObject>(JsonNode.Parse(line)));
    }

    [Fact]
    public async Task Csv_has_a_row_for_each_item_and_one_form_of_time()
    {
        var csv = await _gateway.WellAsync("server", "list", "--output", "csv");
        var history = await _gateway.WellAsync(
            "history", "--output", "csv", "--since", "today", "--object", "grants/bot");

        Assert.Contains("\ncrm,http://127.0.0.1:9/mcp,active,X-Key,,api\n", csv, StringComparison.Ordinal);
        Assert.Matches("^[^\n]+\n20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z,admin,", history);
        Assert.Equal(csv, await _gateway.WellAsync(
            "--gateway", _gateway.Address.ToString(), "server", "--output", "csv", "list"));
    }

    [Fact]
    public async Task A_filter_with_an_unknown_name_is_not_reported_as_an_empty_gateway()
    {
        var unknown = await _gateway.NotWellAsync(ExitCode.No, "grant", "list", "--server", "nope");

        Assert.Contains("There is no server \"nope\"", unknown.Errors, StringComparison.Ordinal);
        Assert.Contains("No grant matches the filters.", await _gateway.WellAsync(
            "grant", "list", "--server", "crm", "--status", "expired"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "\"revoke\" prints no rows; use --output table, json or jsonl.", "grant", "revoke", "bot", "--output", "csv")]
    [InlineData("--json and --output csv exclude each other.", "grant", "list", "--json", "--output", "csv")]
    [InlineData("--output must be one of table, json, jsonl, csv, not \"xml\".", "grant", "list", "--output", "xml")]
    [InlineData("--json before the verb is not an option of \"completion\".", "--json", "completion", "bash")]
    public async Task A_form_that_a_verb_does_not_have_is_refused_before_anything_is_done(
        string message, params string[] arguments)
    {
        var run = await _gateway.NotWellAsync(ExitCode.Usage, arguments);

        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
        Assert.Contains("bot", await _gateway.WellAsync("grant", "list"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_csv_field_is_quoted_and_never_a_formula()
    {
        using var text = new StringWriter { NewLine = "\n" };
        var output = new Output(text, OutputFormat.Csv);

        output.Table(
            (string?[])["a,b", "say \"x\"", "=1+1", null], "none", ("VALUE", static one => one));

        Assert.Equal("value\n\"a,b\"\n\"say \"\"x\"\"\"\n'=1+1\n\n", text.ToString());
    }

    [Fact]
    public async Task Filters_grants_by_server_policy_and_status()
    {
        Assert.Contains("bot", await _gateway.WellAsync("grant", "list", "--server", "crm"), StringComparison.Ordinal);
        Assert.DoesNotContain(
            "bot", await _gateway.WellAsync("grant", "list", "--server", "filed"), StringComparison.Ordinal);
        Assert.Contains("bot", await _gateway.WellAsync("grant", "list", "--policy", "one", "--status", "active"),
            StringComparison.Ordinal);
        Assert.DoesNotContain(
            "bot", await _gateway.WellAsync("grant", "list", "--status", "expired"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_shows_what_raised_a_maximum()
    {
        _gateway.Write("low.json", Policy(5));
        _gateway.Write("high.json", Policy(9));
        await _gateway.WellAsync("policy", "set", "raised", "low.json");
        await _gateway.WellAsync("policy", "set", "raised", "high.json");
        await _gateway.WellAsync("policy", "set", "raised", "low.json");

        var raised = await _gateway.WellAsync("history", "--raised", "--since", "1h", "--output", "csv");

        var row = Assert.Single(raised.Trim().Split('\n').Skip(1));
        Assert.EndsWith("policies/raised,,change /all_tools/limits/0/max from 5 to 9,", row, StringComparison.Ordinal);

        static string Policy(int max) => $$"""
            { "version": "1", "default": "allow", "all_tools": { "limits": [
              { "counter": "calls", "window": "hour", "max": {{max}} } ] } }
            """;
    }

    [Theory]
    [InlineData("See: gateway approvals standing list", "approvals", "standing", "revoke", "nope")]
    [InlineData("See: gateway budget list", "counter", "list", "--budget", "nope")]
    [InlineData("There is no version", "policy", "restore", "one", "99")]
    public async Task A_hint_names_a_verb_that_exists(string expected, params string[] arguments)
    {
        var run = await _gateway.NotWellAsync(ExitCode.No, arguments);

        Assert.Contains(expected, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("version list", run.Errors, StringComparison.Ordinal);
        Assert.All(Verb().Matches(run.Errors), static match => AssertVerb(match.Groups[1].Value));
    }

    [Fact]
    public async Task Every_verb_that_messages_and_documents_name_exists()
    {
        var root = SourceTree.PathOf();
        var sources = Directory.EnumerateFiles(Path.Combine(root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(static file => !file.Contains("/obj/", StringComparison.Ordinal))
            .Select(static file => (file, Named: NamedInCode()));
        var pages = Directory.EnumerateFiles(Path.Combine(root, "docs"), "*.md", SearchOption.AllDirectories)
            .SelectMany(static file => new[] { (file, Named: NamedOnPage()), (file, Named: NamedInFence()) });
        var wrong = new List<string>();
        var count = 0;
        foreach (var (file, named) in sources.Concat(pages))
        {
            var text = await File.ReadAllTextAsync(file);
            if (named == NamedInFence())
                text = string.Concat(text.Split("```").Where(static (_, i) => i % 2 == 1));
            foreach (Match match in named.Matches(text))
            {
                count++;
                if (!IsVerb(match.Groups[1].Value))
                    wrong.Add($"{Path.GetFileName(file)}: gateway {match.Groups[1].Value}");
            }
        }

        Assert.True(count > 300, $"{count} commands");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Distinct()));
    }

    [Fact]
    public async Task A_certificate_that_is_not_trusted_is_named_as_the_cause()
    {
        var now = TimeProvider.System.GetUtcNow();
        using var key = System.Security.Cryptography.ECDsa.Create();
        using var certificate = new System.Security.Cryptography.X509Certificates.CertificateRequest(
            "CN=elsewhere", key, System.Security.Cryptography.HashAlgorithmName.SHA256)
            .CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var served = ServeAsync();

        var run = await new Cli(_gateway.Folder, new Uri($"https://{listener.LocalEndpoint}"), "k").RunAsync("status");
        await served;

        Assert.Equal(ExitCode.Unreachable, run.ExitCode);
        Assert.Contains("does not trust its certificate", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("gateway run", run.Errors, StringComparison.Ordinal);

        async Task ServeAsync()
        {
            using var socket = await listener.AcceptTcpClientAsync();
            await using var tls = new System.Net.Security.SslStream(socket.GetStream());
            try
            {
                await tls.AuthenticateAsServerAsync(certificate);
                _ = await tls.ReadAsync(new byte[1]);
            }
            catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
            {
                // The client ends the handshake.
            }
        }
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_named_as_the_cause()
    {
        var run = await new Cli(_gateway.Folder, new Uri("http://gateway.invalid:8080"), "k").RunAsync("status");

        Assert.Equal(ExitCode.Unreachable, run.ExitCode);
        Assert.Contains("Check the name in --gateway", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("gateway run", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_manual_page_has_every_verb_and_no_warning()
    {
        var page = _gateway.Write("gateway.1", await _gateway.WellAsync("man"));
        var text = await File.ReadAllTextAsync(page);

        Assert.StartsWith(".TH GATEWAY 1 ", text, StringComparison.Ordinal);
        foreach (var verb in Leaves(Tree(), "gateway"))
            Assert.Contains($"\n.SS {verb.Replace("-", "\\-", StringComparison.Ordinal)}", text,
                StringComparison.Ordinal);
        if (!File.Exists("/usr/bin/man"))
            return;
        var man = new ProcessStartInfo("man", ["--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", page])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(man)!;
        var output = process.StandardOutput.ReadToEndAsync();
        Assert.Equal("", await process.StandardError.ReadToEndAsync());
        await output;
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    private static RootCommand Tree() => GatewayProgram.Commands(static () => new("x")
    {
        RunCommand.Create(ProgramExtensions.All),
        DemoCommand.Create(),
    });

    private static IEnumerable<string> Leaves(Command command, string name) => command.Subcommands
        .Where(static inner => !inner.Hidden)
        .SelectMany(inner => Leaves(inner, $"{name} {inner.Name}").Append($"{name} {inner.Name}"));

    private static void AssertVerb(string words) => Assert.True(IsVerb(words), $"gateway {words}");

    /// <summary>Whether the words begin with a verb; what follows a verb is its arguments.</summary>
    private static bool IsVerb(string words)
    {
        Command command = Root.Value;
        foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (command.Subcommands.Count == 0)
                return true;
            if (command.Subcommands.FirstOrDefault(inner => inner.Name == word) is not { } inner)
                return false;
            command = inner;
        }

        return true;
    }

    private static Lazy<RootCommand> Root { get; } = new(Tree);

    [GeneratedRegex("gateway ([a-z-]+(?: [a-z-]+)*)")]
    private static partial Regex Verb();

    // In code a command stands in quotes, or ends a sentence after a colon, or is a line of an example.
    [GeneratedRegex("""(?:\\"|See: |Next: |with: |\\n  )gateway ([a-z][a-z-]*(?: [a-z][a-z-]*(?![=:/.\w]))*)""")]
    private static partial Regex NamedInCode();

    [GeneratedRegex("""`gateway ([a-z][a-z-]*(?: [a-z][a-z-]*(?![=:/.\w]))*)(?= |`|$|\n)""")]
    private static partial Regex NamedOnPage();

    [GeneratedRegex("""^(?:\$ )?gateway ([a-z][a-z-]*(?: [a-z][a-z-]*(?![=:/.\w]))*)(?= |$)""", RegexOptions.Multiline)]
    private static partial Regex NamedInFence();
}
