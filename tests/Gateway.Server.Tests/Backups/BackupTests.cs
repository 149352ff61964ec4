using System.Security.Cryptography;

namespace Gateway.Server.Tests.Backups;

/// <summary>What docs/how-to/storage.md says of backups, with the verbs as an operator types them.</summary>
public sealed class BackupTests : IAsyncLifetime
{
    private const string Odd = "{ \"version\": \"1\",\n\t\"default\": \"allow\"  }\n ";

    // The restore goes on with a later revision.
    private const string Revision = "control/revision";

    private AdminBench _bench = null!;

    private string Data => Path.Combine(_bench.Folder, "data");

    private string Restored => Path.Combine(_bench.Folder, "restored");

    private string Backup => Path.Combine(_bench.Folder, "gateway.backup");

    private string PassphraseFile
    {
        get
        {
            var path = Path.Combine(_bench.Folder, "passphrase");
            File.WriteAllText(path, "correct horse battery\n");
            return path;
        }
    }

    public async Task InitializeAsync() => _bench = await AdminBench.StartAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Restored_documents_history_usage_and_audit_are_what_they_were_byte_for_byte()
    {
        await using var server = await RecordingServer.StartAsync();
        await _bench.SendAsync("PUT", "servers/crm", new JsonObject
        {
            ["url"] = server.Url,
            ["headers"] = new JsonObject { ["Authorization"] = "Bearer upstream-secret" },
        });
        await SetPolicyAsync("""{ "version": "1", "default": "deny" }""");
        await SetPolicyAsync(Odd);
        var token = (string)(await _bench.SendAsync("POST", "grants", AdminBench.GrantBody("bot"))).Json!["token"]!;
        await CallAsync(new Uri(_bench.Host.Addresses[0]), token);
        // The gateway that is asked for usage writes its own counts first.
        await _bench.SendAsync("GET", "usage");

        var (made, before) = ("", Digests(Data));
        await Soon.UntilAsync(
            async () =>
            {
                File.Delete(Backup);
                before = Digests(Data);
                made = await BackUpAsync();
                return before.SequenceEqual(Digests(Data));
            },
            "a backup while the gateway writes nothing by itself");
        var verified = await RunAsync("backup", "verify", Backup, "--passphrase-file", PassphraseFile);
        var restored = await RestoreAsync("--revoked", Write("none", ""));

        Assert.Contains("encrypted", made, StringComparison.Ordinal);
        Assert.Contains("intact     ", verified, StringComparison.Ordinal);
        Assert.DoesNotContain("upstream-secret", File.ReadAllText(Backup), StringComparison.Ordinal);
        var after = Digests(Restored);
        // A gateway that never counted by value has no key of values; a restore makes one.
        Assert.Equal(
            before,
            after.Where(static file => !file.Key.StartsWith("control/value-keys/", StringComparison.Ordinal)));
        foreach (var topic in (string[])["history", "usage", "policies"])
        {
            Assert.Contains(
                after.Keys, name => name.StartsWith($"control-archive/{topic}", StringComparison.Ordinal));
        }

        Assert.Contains("closed     every window", restored, StringComparison.Ordinal);
        await using (var second = await StartRestoredAsync())
        {
            Assert.Null(second.NewAdminKey);
            Assert.Equal("done", await CallAsync(new Uri(second.Addresses[0]), token));
            Assert.Equal("Bearer upstream-secret", server.Requests.Last().Headers["Authorization"]);
            using var admin = new HttpClient { BaseAddress = new Uri(second.Addresses[0]) };
            admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _bench.AdminKey);
            Assert.Equal(Odd, await admin.GetStringAsync("api/v1/policies/limited"));
        }

        var sound = await RunAsync("audit", "verify", "--data", Restored);
        Assert.StartsWith("sound", sound, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backup_goes_through_a_pipe_and_its_restore_is_on_record_after_the_next_start()
    {
        await _bench.ProvideAsync();
        await RenameAsync();
        var gateway = string.Join(' ', Programs.Command(Programs.Gateway).Select(static part => $"'{part}'"));
        var secret = $"--passphrase-file '{PassphraseFile}'";
        var said = Path.Combine(_bench.Folder, "said");
        using var pipe = Process.Start("bash", ["-o", "pipefail", "-c",
            $"{gateway} backup --data '{Data}' --passphrase-file - - < '{PassphraseFile}' 2> '{said}' | "
            + $"{gateway} restore --data '{Restored}' {secret} --revoked '{Write("list", "bot paused\n")}' -"]);
        await pipe.WaitForExitAsync().WaitAsync(Soon.AtMost);
        Assert.Equal(0, pipe.ExitCode);
        Assert.Matches(
            "(?s)written    standard output, .*Next: gateway backup verify --passphrase-file - FILE\n$",
            await File.ReadAllTextAsync(said));

        await using (var second = await StartRestoredAsync())
        {
            await Soon.UntilAsync(
                () => !File.Exists(Path.Combine(Restored, "restore-record")), "the restore is on record");
            using var admin = new HttpClient { BaseAddress = new Uri(second.Addresses[0]) };
            admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _bench.AdminKey);
            Assert.Equal(
                "customers",
                (string?)JsonNode.Parse(await admin.GetStringAsync("api/v1/servers/customers"))!["name"]);
        }

        var record = Assert.Single(AuditTrail.Read(Path.Combine(Restored, "audit")), static one =>
            one.TryGetProperty("action", out var action) && action.ValueEquals("restore"));
        Assert.Equal("gateway restore", record.GetProperty("by").GetString());
        Assert.Equal(Environment.UserName, record.GetProperty("claimedBy").GetString());
        Assert.Contains("paused grants/bot", record.GetProperty("changes").ToString(), StringComparison.Ordinal);
        Assert.Equal(0, record.GetProperty("after").GetProperty("grantsPaused").GetInt32());
    }

    private async Task RenameAsync() => Assert.Equal(
        200, (await _bench.SendAsync("POST", "servers/crm/rename", new JsonObject { ["name"] = "customers" })).Status);

    [Fact]
    public async Task Grants_start_paused_where_nothing_says_what_was_revoked()
    {
        var token = await _bench.ProvideAsync();
        await BackUpAsync();

        var printed = await RestoreAsync();

        Assert.Contains("paused     every call and 1 grant", printed, StringComparison.Ordinal);
        await using var second = await StartRestoredAsync();
        Assert.NotEqual("done", await CallAsync(new Uri(second.Addresses[0]), token));
        Assert.Equal(["gateway.json", "grants%2fbot.json"], Pauses());
    }

    [Fact]
    public async Task What_an_audit_log_shows_revoked_paused_or_rotated_stays_so()
    {
        await _bench.ProvideAsync();
        foreach (var name in (string[])["gone", "held", "turned", "back"])
            await _bench.SendAsync("POST", "grants", AdminBench.GrantBody(name));
        await _bench.KeyOfAsync("ana", "viewer");
        await BackUpAsync();
        var gone = await _bench.SendAsync("GET", "grants/gone");
        await _bench.SendAsync("DELETE", "grants/gone", ifMatch: gone.ETag);
        await _bench.SendAsync("POST", "grants/held/pause");
        await _bench.SendAsync("POST", "grants/turned/rotate", new JsonObject { ["overlapSeconds"] = 0 });
        await _bench.SendAsync("POST", "grants/back/pause");
        await _bench.SendAsync("POST", "grants/back/resume");
        var ana = await _bench.SendAsync("GET", "operators/ana");
        Assert.Equal(204, (await _bench.SendAsync("DELETE", "operators/ana", ifMatch: ana.ETag)).Status);
        await SetPolicyAsync(Odd);

        var printed = await RestoreAsync("--audit", Data);

        Assert.False(File.Exists(Path.Combine(Restored, "control", "grants", "gone.json")));
        Assert.True(File.Exists(Path.Combine(Restored, "control", "grants", "bot.json")));
        Assert.Equal(["grants%2fheld.json", "grants%2fturned.json"], Pauses());
        Assert.Empty(Directory.GetFiles(Path.Combine(Restored, "control", "operators"), "ana*"));
        Assert.Empty(Directory.GetFiles(Path.Combine(Restored, "control", "operator-keys")));
        Assert.Contains("removed grants/gone (revoke by admin at ", printed, StringComparison.Ordinal);
        var history = Directory.GetFiles(Path.Combine(Restored, "control-archive", "history")).Select(File.ReadAllText);
        Assert.Contains(history, static entry => entry.Contains("\"by\":\"gateway restore\"", StringComparison.Ordinal)
            && entry.Contains("\"action\":\"remove\",\"object\":\"grants/gone\"", StringComparison.Ordinal));
        Assert.Contains("1 other change made after the backup", printed, StringComparison.Ordinal);
        Assert.Contains("policies/limited", printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_list_names_is_revoked_or_paused_and_a_slip_in_it_is_refused()
    {
        await _bench.ProvideAsync();
        await _bench.SendAsync("POST", "grants", AdminBench.GrantBody("held"));
        await BackUpAsync();

        var wrong = await Cli().RunAsync(Restore("--revoked", Write("wrong", "bot\nheld stopped\n")));
        await RestoreAsync("--revoked", Write("list", "# after the leak\nbot\nheld paused\nfiled\n"));

        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("wrong:2: \"held stopped\" is not valid", wrong.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Restored, "control", "grants", "bot.json")));
        Assert.Equal(["grants%2ffiled.json", "grants%2fheld.json"], Pauses());
    }

    [Fact]
    public async Task A_target_in_use_or_not_empty_is_refused_and_replaced_only_when_asked()
    {
        await _bench.ProvideAsync();
        await BackUpAsync();
        string[] common = ["restore", Backup, "--passphrase-file", PassphraseFile, "--revoked", Write("none", "")];

        var used = await Cli().RunAsync([.. common, "--data", Data, "--replace"]);
        await RunAsync([.. common, "--data", Restored]);
        File.WriteAllText(Path.Combine(Restored, "control", "grants", "mine.json"), "kept");
        var full = await Cli().RunAsync([.. common, "--data", Restored]);
        var replaced = await RunAsync([.. common, "--data", Restored, "--replace"]);

        Assert.Equal((2, 2), (used.ExitCode, full.ExitCode));
        Assert.Contains("Another process uses", used.Errors, StringComparison.Ordinal);
        Assert.Contains("is not empty", full.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Restored, "control", "grants", "mine.json")));
        var aside = Assert.Single(Directory.GetDirectories(Restored, "replaced-*"));
        Assert.Equal("kept", File.ReadAllText(Path.Combine(aside, "control", "grants", "mine.json")));
        Assert.Contains(Path.GetFileName(aside), replaced, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_are_asked_for_and_an_unencrypted_backup_is_a_plain_archive()
    {
        await _bench.ProvideAsync();
        var key = Write("key", "0123456789abcdef0123456789abcdef");

        var none = await Cli().RunAsync("backup", Backup, "--data", Data);
        var two = await Cli().RunAsync(
            "backup", Backup, "--data", Data, "--key-file", key, "--unencrypted");
        var typed = Cli();
        typed.Input = "typed passphrase\n";
        Assert.Equal(0, (await typed.RunAsync("backup", Backup, "--data", Data)).ExitCode);
        var again = await Cli().RunAsync("backup", Backup, "--data", Data, "--key-file", key);
        var wrong = await Cli().RunAsync("backup", "verify", Backup, "--passphrase-file", PassphraseFile);
        var kind = await Cli().RunAsync("backup", "verify", Backup, "--key-file", key);
        await RunAsync("backup", Backup + ".key", "--data", Data, "--key-file", key);
        await RunAsync("backup", "verify", Backup + ".key", "--key-file", key);
        var plain = await RunAsync("backup", Backup + ".tar.gz", "--data", Data, "--unencrypted");
        await RunAsync("backup", "verify", Backup + ".tar.gz");

        Assert.Equal((2, 2, 2), (none.ExitCode, two.ExitCode, again.ExitCode));
        Assert.Contains("--unencrypted", none.Errors, StringComparison.Ordinal);
        Assert.Contains("already exists", again.Errors, StringComparison.Ordinal);
        Assert.Equal((1, 1), (wrong.ExitCode, kind.ExitCode));
        Assert.Contains("is not the passphrase or key that the backup", wrong.Errors, StringComparison.Ordinal);
        Assert.Contains("is encrypted with a passphrase", kind.Errors, StringComparison.Ordinal);
        Assert.Contains("NOT ENCRYPTED", plain, StringComparison.Ordinal);
        using var tar = Process.Start(
            new ProcessStartInfo("tar", ["-tzf", Backup + ".tar.gz"]) { RedirectStandardOutput = true })!;
        Assert.Contains("control/grants/bot.json", await tar.StandardOutput.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Documents_with_a_store_key_are_changed_with_that_key_only_and_start_again()
    {
        var key = Write("store.key", "c3RvcmUga2V5IG9mIHRoaXMgdGVzdCwgMzIgYnl0ZXM=\n");
        var config = Write("gateway.json", $$"""{ "admin": { "key": "{{AdminBench.ConfiguredKey}}" } }""");
        var (keyed, copied) = (Path.Combine(_bench.Folder, "keyed"), Path.Combine(_bench.Folder, "copied"));
        await using (var gateway = await GatewayProcess.StartAsync(config, keyed, "--store-key", key))
        {
            var cli = new Cli(_bench.Folder, gateway.Address, AdminBench.ConfiguredKey);
            Write("open.json", """{ "version": "1", "default": "allow" }""");
            await cli.RunAsync("server", "add", "crm", _bench.Server.Address.ToString());
            await cli.RunAsync("policy", "set", "limited", "open.json");
            Assert.Equal(0, (await cli.RunAsync("grant", "create", "bot", "--server", "crm=limited")).ExitCode);
            await RunAsync("backup", Backup, "--data", keyed, "--passphrase-file", PassphraseFile);
        }

        string[] restore = ["restore", Backup, "--data", copied, "--passphrase-file", PassphraseFile];
        var without = await Cli().RunAsync(restore);
        await RunAsync([.. restore, "--store-key", key]);

        Assert.Equal(2, without.ExitCode);
        Assert.Contains("--store-key", without.Errors, StringComparison.Ordinal);
        await using var again = await GatewayProcess.StartAsync(config, copied, "--store-key", key);
        var status = await new Cli(_bench.Folder, again.Address, AdminBench.ConfiguredKey).RunAsync("status");
        Assert.Contains("paused     every call", status.Output, StringComparison.Ordinal);
        var grants = await new Cli(_bench.Folder, again.Address, AdminBench.ConfiguredKey).RunAsync("grant", "list");
        Assert.Matches("bot +paused", grants.Output);
    }

    [UnixFact]
    public async Task Nothing_half_restored_starts_after_a_kill()
    {
        var token = await _bench.ProvideAsync();
        await BackUpAsync();
        var arguments = Restore("--revoked", Write("none", ""));

        // Killed at several moments: while it decrypts, while it prepares, while it renames, or never.
        foreach (var seen in (string[])[".restoring", ".restoring/control", ".restoring/limits", "restore-unfinished"])
        {
            await KillAsync(arguments, Path.Combine(Restored, seen));
            var isWhole = Directory.Exists(Path.Combine(Restored, "control", "grants"))
                && !File.Exists(Path.Combine(Restored, "restore-unfinished"));
            if (!isWhole && File.Exists(Path.Combine(Restored, "restore-unfinished")))
                await RefusesToStartAsync();
            else if (!isWhole)
                Assert.False(Directory.Exists(Path.Combine(Restored, "control", "grants")));
            else
                Directory.Delete(Restored, recursive: true);
        }

        // What a kill between two renames leaves, for certain.
        Directory.CreateDirectory(Restored);
        File.WriteAllText(Path.Combine(Restored, "restore-unfinished"), "");
        await RefusesToStartAsync();
        await RunAsync(arguments);
        await using var second = await StartRestoredAsync();
        Assert.Equal("refused", await CallAsync(new Uri(second.Addresses[0]), token, "list_customers"));
    }

    private async Task KillAsync(string[] arguments, string seen)
    {
        var command = Programs.Command(Programs.Gateway, arguments);
        using var restore = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _bench.Folder,
        })!;
        while (!restore.HasExited && !Path.Exists(seen))
            await Task.Yield();
        restore.Kill();
        await restore.WaitForExitAsync();
    }

    private async Task RefusesToStartAsync()
    {
        var refused = await Cli().RunAsync("run", "--data", Restored, "--listen", "http://127.0.0.1:0");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("contains an incomplete restore", refused.Errors, StringComparison.Ordinal);
    }

    private async Task SetPolicyAsync(string policy)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/policies/limited")
        {
            Content = new StringContent(policy, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _bench.AdminKey);
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        using var response = await _bench.Client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static async Task<string> CallAsync(Uri gateway, string token, string tool = "t")
    {
        using var client = new HttpClient { BaseAddress = new Uri(gateway, "/mcp/crm") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        client.DefaultRequestHeaders.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        using var body = new StringContent(
            $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}"}}""",
            new MediaTypeHeaderValue("application/json"));
        using var answer = await client.PostAsync("", body);
        return (await answer.Content.ReadAsStringAsync()).Contains("\"done\"", StringComparison.Ordinal)
            ? "done" : "refused";
    }

    private Task<GatewayHost> StartRestoredAsync() => GatewayHost.StartAsync(
        new GatewayHostOptions { DataDirectory = Restored, Listen = ["http://127.0.0.1:0"], Quiet = true },
        CancellationToken.None);

    private Task<string> BackUpAsync() =>
        RunAsync("backup", Backup, "--data", Data, "--passphrase-file", PassphraseFile);

    private string[] Restore(params string[] more) =>
        ["restore", Backup, "--data", Restored, "--passphrase-file", PassphraseFile, .. more];

    private Task<string> RestoreAsync(params string[] more) => RunAsync(Restore(more));

    private string[] Pauses() =>
        [.. Directory.GetFiles(Path.Combine(Restored, "control", "pauses")).Select(Path.GetFileName).Order()!];

    private async Task<string> RunAsync(params string[] arguments)
    {
        var run = await Cli().RunAsync(arguments);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        return run.Output;
    }

    private Cli Cli() => new(_bench.Folder, new Uri(_bench.Host.Addresses[0]), _bench.AdminKey);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_bench.Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static SortedDictionary<string, string> Digests(string data) => new(
        ((string[])["control", "control-archive", "audit"])
            .SelectMany(folder => Directory.GetFiles(Path.Combine(data, folder), "*", SearchOption.AllDirectories))
            .Select(path => (Path: path, Name: Path.GetRelativePath(data, path)))
            .Where(static file => Path.GetFileName(file.Path) != "lock"
                && file.Name != Revision)
            .ToDictionary(static file => file.Name, static file => Digest(file.Path)),
        StringComparer.Ordinal);

    private static string Digest(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
