using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Servers;

/// <summary>
/// <c>gateway server import FILE</c>: registers the servers in an MCP client's configuration. Programs can be
/// registered in the configuration file only, so their entries are printed.
/// </summary>
internal static partial class ServerImport
{
    private static readonly JsonDocumentOptions WithComments = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    private static readonly Argument<FileInfo> Source = new("file")
    {
        Description = "The client's file, such as claude_desktop_config.json, .cursor/mcp.json or .vscode/mcp.json; "
            + "- for standard input.",
    };

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Report only; register nothing." };

    private static readonly Option<bool> Replace = new("--replace")
    {
        Description = "Also change servers that are already registered.",
    };

    public static Command Create() => RemoteVerb.Create("import",
        "Register the servers of a client's configuration (Claude Desktop, Claude Code, Cursor, VS Code, Windsurf, "
        + "Gemini CLI).\nServers with a URL are registered. For programs the entries for gateway.json are printed.\n\n"
        + "Example:\n  gateway server import ~/.cursor/mcp.json --dry-run",
        RunAsync, Source, DryRun, Replace);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        if (Entries(parsed.GetValue(Source)!) is not { } entries)
            return ExitCode.Usage;
        var (isDry, mayReplace) = (parsed.GetValue(DryRun), parsed.GetValue(Replace));
        var registered = (await client.ListAsync(Resources.Servers.Path, Resources.Servers.Page, cancellation))
            .Select(static server => server.Value.Name).ToHashSet(StringComparer.Ordinal);
        var report = new List<ImportResult>();
        var programs = new JsonObject();
        foreach (var (written, entry) in entries)
        {
            var server = ImportedServer.Read(written, entry, Environment.GetEnvironmentVariable);
            var exists = registered.Contains(server.Name);
            var skipped = server.Problem
                ?? (exists && !mayReplace ? "a server with this name exists; use --replace to change it" : null);
            if (skipped is null && server.Program is { } program)
                programs[server.Name] = program;
            else if (skipped is null && !isDry)
                await RegisterAsync(client, server, cancellation);
            report.Add(new ImportResult(
                server.Name, written,
                skipped is not null ? "skipped"
                    : server.Program is not null ? "for gateway.json" : exists ? "changed" : "registered",
                skipped ?? server.Note));
        }

        Print(output, report, programs, isDry);
        return report.Exists(static row => row.Result == "skipped") ? ExitCode.No : ExitCode.Well;
    }

    private static async Task RegisterAsync(
        AdminClient client, ImportedServer server, CancellationToken cancellation)
    {
        var path = Resources.Servers.PathOf(server.Name);
        var version = await client.VersionAsync(path, cancellation);
        await client.PutAsync(
            path, Encoding.UTF8.GetBytes(server.Body!.ToJsonString()), version, ClientJson.Default.ServerView,
            cancellation);
    }

    private static void Print(Output output, List<ImportResult> report, JsonObject programs, bool isDry)
    {
        if (output.IsJson)
        {
            var servers = new JsonArray([.. report.Select(static row => new JsonObject
            {
                ["name"] = row.Name, ["source"] = row.Source, ["result"] = row.Result, ["note"] = row.Note,
            })]);
            output.Json(new JsonObject { ["dryRun"] = isDry, ["servers"] = servers, ["programs"] = programs });
            return;
        }

        output.Table(report, "The file contains no servers.",
            ("NAME", static row => row.Name),
            ("RESULT", static row => row.Result),
            ("NOTE", static row => row.Note));
        if (isDry)
            output.Line("This was a dry run: nothing was registered.");
        if (programs.Count == 0)
            return;
        output.Line("");
        output.Line("Programs run code as the gateway, so they are registered in the configuration file only. Add to "
            + "\"servers\" in gateway.json:");
        output.Json(programs);
    }

    /// <summary>Returns the entries of the file; null after an error message.</summary>
    private static List<(string Name, JsonObject Entry)>? Entries(FileInfo file)
    {
        if (InputFile.Read(file) is not { } bytes)
            return null;
        try
        {
            var root = JsonNode.Parse(bytes, documentOptions: WithComments) as JsonObject;
            // VS Code has "servers" in mcp.json, and "mcp": { "servers" } in its settings.
            var servers = (root?["mcpServers"] ?? root?["servers"] ?? root?["mcp"]?["servers"]
                ?? root?["context_servers"]) as JsonObject;
            if (servers is not null)
            {
                return [.. servers.Select(static one => (
                    one.Key, one.Value as JsonObject ?? new JsonObject { ["invalid"] = true }))];
            }

            Console.Error.WriteLine($"{InputFile.Shown(file)} has neither \"mcpServers\" nor \"servers\"; name the "
                + "file in which the MCP client keeps its servers.");
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            Console.Error.WriteLine($"{InputFile.Shown(file)} is not valid JSON: "
                + $"{(e is JsonException json ? Policy.Json.JsonErrors.Describe(json) : "a member occurs twice")}.");
        }

        return null;
    }

    private sealed record ImportResult(string Name, string Source, string Result, string? Note);

    /// <summary>A server from a client's configuration.</summary>
    private sealed partial record ImportedServer(string Name)
    {
        private const int NameLengthMax = 64;

        /// <summary>The body of a PUT; null for programs.</summary>
        public JsonObject? Body { get; private init; }

        /// <summary>The entry for gateway.json; null for servers with a URL.</summary>
        public JsonObject? Program { get; private init; }

        public string? Problem { get; private init; }
        public string? Note { get; private init; }

        public static ImportedServer Read(string written, JsonObject entry, Func<string, string?> environment)
        {
            var name = Invalid().Replace(written.Trim(), "-").TrimStart('.', '_', '-');
            name = name[..Math.Min(name.Length, NameLengthMax)];
            var server = new ImportedServer(name.Length > 0 ? name : written)
            {
                Note = name == written ? null : $"renamed from \"{written}\": a name must be {SavedContexts.NameRule}",
            };
            if (name.Length == 0)
                return server with { Problem = $"the name has no valid character; use {SavedContexts.NameRule}" };
            if (Text(entry, "disabled") == "true" || Text(entry, "enabled") == "false")
                return server with { Problem = "it is disabled in the file" };
            if (Text(entry, "command") is { } command)
                return server.WithProgram(entry, command);
            var url = Text(entry, "url") ?? Text(entry, "httpUrl") ?? Text(entry, "serverUrl");
            var kind = Text(entry, "type") ?? Text(entry, "transport");
            if (kind is "ws" or "websocket")
                return server with
                {
                    Problem = $"its transport \"{kind}\" is not supported; use an http or https URL "
                    + "of the server"
                };
            return url is null
                ? server with { Problem = "it has neither \"url\" nor \"command\"" }
                : server.WithUrl(entry, url, kind, environment);
        }

        private ImportedServer WithUrl(
            JsonObject entry, string url, string? kind, Func<string, string?> environment)
        {
            string? problem = null;
            var body = new JsonObject { ["url"] = Expand(url, environment, ref problem) };
            if (kind == "sse")
                body["transport"] = kind;
            var headers = new JsonObject();
            foreach (var (header, value) in entry["headers"] as JsonObject ?? [])
                headers[header] = Expand(value?.ToString() ?? "", environment, ref problem);
            if (headers.Count > 0)
                body["headers"] = headers;
            return problem is null ? this with { Body = body } : this with { Problem = problem };
        }

        private ImportedServer WithProgram(JsonObject entry, string command)
        {
            var secrets = new SortedSet<string>(StringComparer.Ordinal);
            var environment = new JsonObject();
            foreach (var (variable, value) in entry["env"] as JsonObject ?? [])
            {
                var text = value?.ToString() ?? "";
                var isSecret = Secret().IsMatch(variable) && !text.StartsWith("${", StringComparison.Ordinal);
                if (isSecret)
                    secrets.Add(variable);
                environment[variable] = isSecret ? $"${{{variable}}}" : Translated(text);
            }

            var program = new JsonObject
            {
                ["command"] = Translated(command),
                ["args"] = new JsonArray(
                    [.. (entry["args"] as JsonArray ?? []).Select(static one => Translated(one?.ToString() ?? ""))]),
                ["env"] = environment,
            };
            if (Text(entry, "cwd") is { } folder)
                program["cwd"] = Translated(folder);
            var notes = new List<string>();
            if (Note is not null)
                notes.Add(Note);
            if (secrets.Count > 0)
                notes.Add($"set {string.Join(", ", secrets)} in the gateway's environment");
            if (Text(entry, "envFile") is { } file)
                notes.Add($"\"envFile\" is not read: set the variables of {file} in \"env\"");
            if (Variables().IsMatch(program.ToJsonString()))
                notes.Add("replace the editor's variables, such as ${workspaceFolder}");
            return this with { Program = program, Note = notes.Count > 0 ? string.Join("; ", notes) : null };
        }

        private static string? Text(JsonObject entry, string member) => (entry[member] as JsonValue)?.ToString();

        // Cursor and VS Code write ${env:NAME}. Their ${input:ID} is a prompt, which an environment variable replaces
        // here.
        private static string Translated(string text) => Reference().Replace(text, static one =>
            $"${{{one.Groups[2].Value.Replace('-', '_')}}}");

        private static string Expand(string text, Func<string, string?> environment, ref string? problem)
        {
            string? missing = null;
            var expanded = Any().Replace(text, one =>
            {
                var reference = Reference().Match(one.Value);
                var name = reference.Success ? reference.Groups[2].Value.Replace('-', '_') : one.Groups[1].Value;
                var value = environment(name);
                if (value is null)
                    missing = $"{one.Value} has no value here; set {name} in this shell";
                return value ?? "";
            });
            problem ??= missing;
            return expanded;
        }

        [GeneratedRegex("[^A-Za-z0-9._-]+")]
        private static partial Regex Invalid();

        [GeneratedRegex("KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|AUTH", RegexOptions.IgnoreCase)]
        private static partial Regex Secret();

        [GeneratedRegex(@"\$\{(env|input):([^}]+)\}")]
        private static partial Regex Reference();

        [GeneratedRegex(@"\$\{([^}]+)\}")]
        private static partial Regex Any();

        [GeneratedRegex(@"\$\{(workspaceFolder|userHome|file|pathSeparator)")]
        private static partial Regex Variables();
    }
}
