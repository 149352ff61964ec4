using System.CommandLine;
using System.Data.Common;
using Gateway.Audit.Directories;
using Gateway.Audit.Shipping;
using Gateway.Control.Documents;
using Gateway.Hosting.Backups;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Options;
using Gateway.Mcp.Writing;
using Gateway.Policy.Text;
using Gateway.Storage.Postgres.Connections;
using Gateway.Storage.Postgres.Documents;

namespace Gateway.Hosting.Commands.Verbs.Data;

/// <summary><c>gateway backup</c>: writes all data of a gateway to one encrypted file.</summary>
internal static class BackupCommand
{
    private const int MegaByte = 1_000_000;
    private const string StandardStream = "-";

    private static readonly Option<bool> Unencrypted = new("--unencrypted")
    {
        Description = "Write a plain .tar.gz, which \"tar -xzf\" opens. It contains credentials together with the "
            + "keys that decrypt them: protect the file like a password.",
    };

    public static Command Create()
    {
        var file = FileArgument("The file to write, which must not exist yet; - for standard output.");
        var (data, store) = (BackupOptions.Data(), BackupOptions.Store());
        var (passphrase, key) = (BackupOptions.PassphraseFile(), BackupOptions.KeyFile());
        var command = new Command("backup",
            "Write all data of a gateway to one file: control documents, history, usage, inventories, the "
            + "audit log and the keys.\nThe gateway can keep running, because everything in the copy is from one "
            + "revision. Counts are not included. With --store, the documents come from the database, and the audit "
            + "log from --data.\n\n"
            + "Example:\n  gateway backup --data .gateway --passphrase-file passphrase.txt gateway.backup")
        {
            file, data, store, passphrase, key, Unencrypted,
        };
        BackupOptions.RequireOneSecret(command, passphrase, key, Unencrypted);
        command.SetAction((parsed, cancellation) => RunAsync(() => WithOutputAsync(
            parsed.GetRequiredValue(file), async path =>
            {
                var code = await WriteAsync(
                    path, parsed.GetRequiredValue(file), parsed.GetValue(data)!, BackupOptions.StoreOf(parsed, store),
                    parsed.GetValue(Unencrypted) ? null
                        : BackupOptions.Secret(parsed, passphrase, key, "Passphrase for the backup", isNew: true),
                    cancellation);
                Console.WriteLine(VisibleText.Of("Next: gateway backup verify "
                    + (parsed.GetValue(passphrase) is { } words ? $"{passphrase.Name} {words} " : "")
                    + (parsed.GetValue(key) is { } bytes ? $"{key.Name} {bytes} " : "")
                    + (path == parsed.GetValue(file) ? path : "FILE")));
                return code;
            })));
        command.Subcommands.Add(Verify());
        return command;
    }

    /// <summary>Runs a verb that works on a backup, and prints its errors.</summary>
    public static async Task<int> RunAsync(Func<Task<int>> verb, int damaged = ExitCode.Usage)
    {
        try
        {
            return await verb();
        }
        catch (PostgresStoreException e)
        {
            Console.Error.WriteLine(VisibleText.Of(e.Message));
            return ExitCode.Unreachable;
        }
        catch (Exception e) when (e is DbException or TimeoutException)
        {
            Console.Error.WriteLine(VisibleText.Of($"The database failed: {e.Message} Try again."));
            return ExitCode.Unreachable;
        }
        catch (BackupException e)
        {
            Console.Error.WriteLine(VisibleText.Of(e.Message));
            return damaged;
        }
        catch (IOException e) when (SystemError.IsFull(e))
        {
            Console.Error.WriteLine(VisibleText.Of($"{e.Message} Make room, and repeat the command."));
            return ExitCode.Unreachable;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException
            or ControlStoreException)
        {
            Console.Error.WriteLine(VisibleText.Of(e.Message));
            return ExitCode.Usage;
        }
    }

    /// <summary>Runs a verb that reads a backup; "-" is standard input.</summary>
    public static async Task<int> WithInputAsync(string path, Func<string, Task<int>> verb)
    {
        if (path != StandardStream)
            return await verb(path);
        using var copy = new TemporaryFile();
        await using (var file = File.OpenWrite(copy.Path))
        await using (var input = Console.OpenStandardInput())
            await input.CopyToAsync(file);
        return await verb(copy.Path);
    }

    private static async Task<int> WithOutputAsync(string path, Func<string, Task<int>> verb)
    {
        if (path != StandardStream)
            return await verb(path);
        using var copy = new TemporaryFile();
        await using var output = Console.OpenStandardOutput();
        // All other output goes to standard error, because the backup may be piped.
        Console.SetOut(Console.Error);
        File.Delete(copy.Path);
        var code = await verb(copy.Path);
        await using var file = File.OpenRead(copy.Path);
        try
        {
            await file.CopyToAsync(output);
        }
        catch (IOException e)
        {
            throw new OutputException(e);
        }

        // The framework discards the rest of a backup that nothing reads.
        return StandardOutput.HasNoReader() ? throw new OutputException() : code;
    }

    /// <summary>Prints the contents of a backup, one line per kind.</summary>
    public static void Describe(BackupManifest manifest)
    {
        Console.WriteLine(VisibleText.Of($"made       {Times.Show(manifest.Created)} by gateway {manifest.Gateway}"));
        Console.WriteLine(VisibleText.Of($"from       {manifest.Store}"));
        Console.WriteLine($"documents  {manifest.Documents:N0}, as of revision {manifest.Revision}");
        Console.WriteLine(
            $"archive    {Spelling.Count(manifest.Archived, "entry", "entries")} of history, policy versions, usage "
            + "and inventories");
        Console.WriteLine($"audit      {Spelling.Count(manifest.AuditFiles, "file")}");
    }

    public static Argument<string> FileArgument(string description) => new("FILE") { Description = description };

    private static async Task<int> WriteAsync(
        string path, string name, string data, string? store, BackupSecret? secret, CancellationToken cancellation)
    {
        if (File.Exists(path))
            throw new BackupException($"{path} already exists. Write to another file, or remove this one.");
        if (store is null && !Directory.Exists(Path.Combine(data, "control")))
        {
            throw new BackupException($"{data} has no control documents: name the directory that \"gateway run\" was "
                + "started with as --data, or the database with --store.");
        }

        await using var database = store is null ? null
            : await PostgresCopy.OpenAsync(store, makesTables: false, cancellation);
        var time = TimeProvider.System;
        var head = new BackupHead(
            BackupCipher.Format, ProductRelease.Version, time.GetUtcNow(), database?.Place ?? Path.GetFullPath(data));
        using var writer = new BackupWriter(path, secret, head);
        var topics = new Dictionary<string, string>();
        var revision = database is null ? BackupSource.CopyFiles(data, writer, time, cancellation)
            : await BackupSource.CopyDatabaseAsync(database, writer, topics, cancellation);
        BackupSource.CopyAudit(data, writer);
        var manifest = writer.Complete(revision, topics);
        Describe(manifest);
        var megaBytes = (double)new FileInfo(path).Length / MegaByte;
        var state = secret is null ? "NOT ENCRYPTED" : "encrypted";
        var written = name == StandardStream ? "standard output" : name;
        Console.WriteLine(VisibleText.Of($"written    {written}, {megaBytes:0.0##} MB, {state}"));
        if (manifest.AuditFiles == 0)
            Console.WriteLine(VisibleText.Of($"warning: there is no audit log in {data}; name its directory with "
                + "--data"));
        return ExitCode.Well;
    }

    private static Command Verify()
    {
        var file = FileArgument("The backup; - for standard input.");
        var (passphrase, key) = (BackupOptions.PassphraseFile(), BackupOptions.KeyFile());
        var command = new Command("verify",
            "Read a backup to its end and compare every entry with its checksum.\nExits with 0 if it is intact, 1 "
            + "if it is damaged or cannot be decrypted.\n\n"
            + "Example:\n  gateway backup verify --passphrase-file passphrase.txt gateway.backup")
        {
            file, passphrase, key,
        };
        BackupOptions.RequireOneSecret(command, passphrase, key);
        command.SetAction(parsed => RunAsync(
            () => WithInputAsync(parsed.GetRequiredValue(file), path =>
            {
                var secret = BackupOptions.SecretOf(parsed, path, passphrase, key);
                var manifest = BackupReader.Read(path, secret, to: null);
                Describe(manifest);
                Console.WriteLine($"intact     {Spelling.Count(manifest.Entries.Count, "entry", "entries")}");
                return Task.FromResult(ExitCode.Well);
            }),
            ExitCode.No));
        return command;
    }
}

/// <summary>A temporary file that only its owner can read; disposing deletes it.</summary>
internal sealed class TemporaryFile : IDisposable
{
    // GetTempFileName creates it with mode 0600.
    public string Path { get; } = System.IO.Path.GetTempFileName();

    public void Dispose() => File.Delete(Path);
}

/// <summary>Options that the verbs of backups share.</summary>
internal static class BackupOptions
{
    public static Option<string?> Data() => Setting.Text(
        "--data", "DIR", "The data directory; the same value as for \"gateway run\".",
        new HostSettings().DataDirectory);

    public static Option<string?> Store() => Setting.Text(
        "--store", "URL", "The database that a fleet shares, postgres://user@host/database; the same value as for "
            + "\"gateway run\".", null,
        static url => url.StartsWith("postgres", StringComparison.OrdinalIgnoreCase) ? null
            : "is not a postgres:// URL. To back up data in Azure Storage, use the tools of Azure.");

    /// <summary>Returns the URL; warns if others can read its password.</summary>
    public static string? StoreOf(ParseResult parsed, Option<string?> store)
    {
        if (parsed.GetResult(store) is { Implicit: false })
            ShownSecret.Warn(parsed.GetValue(store), Console.Error);
        return parsed.GetValue(store);
    }

    public static Option<string?> PassphraseFile() => new("--passphrase-file")
    {
        Description = "File with the passphrase of the backup; - for standard input. Without this option, the command "
            + "prompts for the passphrase.",
        HelpName = "FILE",
    };

    public static Option<string?> KeyFile() => new("--key-file")
    {
        Description = "File with a random key of at least 32 bytes, instead of a passphrase; - for standard input. "
            + "Create one with: openssl rand -base64 32",
        HelpName = "FILE",
    };

    public static void RequireOneSecret(
        Command command, Option<string?> passphrase, Option<string?> key, Option<bool>? none = null) =>
        command.Validators.Add(result =>
        {
            bool[] given =
            [
                result.GetValue(passphrase) is not null, result.GetValue(key) is not null,
                none is not null && result.GetValue(none),
            ];
            if (given.Count(static one => one) > 1)
            {
                result.AddError("Give only one of --passphrase-file"
                    + (none is null ? " and --key-file." : ", --key-file and --unencrypted."));
            }
        });

    /// <summary>Returns the secret for an existing backup; null if it is not encrypted.</summary>
    public static BackupSecret? SecretOf(
        ParseResult parsed, string path, Option<string?> passphrase, Option<string?> key) =>
        BackupReader.NeedsPassphrase(path) is { } isPassphrase
            ? isPassphrase || parsed.GetValue(key) is not null
                ? Secret(parsed, passphrase, key, "Passphrase of the backup", isNew: false)
                : throw new BackupException("The backup is encrypted with a key file: give that file with --key-file.")
            : null;

    /// <summary>Returns the secret from the options, or prompts for it.</summary>
    public static BackupSecret Secret(
        ParseResult parsed, Option<string?> passphrase, Option<string?> key, string prompt, bool isNew)
    {
        if (parsed.GetValue(key) is { } keyFile)
            return BackupSecret.FromFile(keyFile, isPassphrase: false);
        if (parsed.GetValue(passphrase) is { } file)
            return BackupSecret.FromFile(file, isPassphrase: true);
        var typed = PasswordPrompt.Ask(prompt, isNew) ?? throw new BackupException(
            "A backup contains secrets, so it is encrypted: give --passphrase-file or --key-file"
            + (isNew ? ", or --unencrypted to write it in plain form." : "."));
        return typed.Length >= BackupSecret.PassphraseLengthMin ? BackupSecret.Passphrase(typed)
            : throw new BackupException($"A passphrase needs at least {BackupSecret.PassphraseLengthMin} characters.");
    }
}
