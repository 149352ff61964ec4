using System.CommandLine;
using System.CommandLine.Invocation;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Records;
using Gateway.Audit.Evidence;
using Gateway.Audit.Files;
using Gateway.Audit.Verifying;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs.Audit;

/// <summary><c>gateway audit verify</c>: checks that the audit log was not modified.</summary>
internal static class AuditVerify
{
    private static readonly Option<string?> Data = new("--data")
    {
        Description = "A gateway's data directory, or a copy of the folder \"audit\" in it. No gateway needs to run.",
        HelpName = "DIR",
    };

    private static readonly Option<string[]> Outside = new("--checkpoint")
    {
        Description = "A checkpoint stored elsewhere (- for standard input), or the data directory of another "
            + "frontend, which records the checkpoints that it sees. Repeatable.",
        HelpName = "PATH",
    };

    private static readonly Option<string[]> Keys = new("--key")
    {
        Description = "PEM file of a public or private key that you trust; - for standard input. Needs --data. "
            + "Repeatable.",
        HelpName = "FILE",
    };

    public static Command Create()
    {
        var command = RemoteVerb.Create("verify",
            "Compare the audit log with its signed checkpoints, and with checkpoints stored elsewhere.\n"
            + "Reports which records the checkpoints prove. Without --data, the running gateway compares its own log.\n"
            + "Exits with 0 if the log is intact, 1 if it is broken, 4 if there is nothing to compare.\n\n"
            + "Example:\n  gateway audit verify --data .gateway --checkpoint kept/checkpoint",
            RemoteAsync, Data, Outside, Keys);
        var remote = (AsynchronousCommandLineAction)command.Action!;
        command.SetAction((parsed, cancellation) => parsed.GetValue(Data) is { } data
            ? Task.FromResult(Local(parsed, data))
            : remote.InvokeAsync(parsed, cancellation));
        command.Validators.Add(static result =>
        {
            if (result.GetValue(Keys) is { Length: > 0 } && result.GetValue(Data) is null)
                result.AddError("--key needs --data: a running gateway uses its own key.");
        });
        return command;
    }

    private static int Local(ParseResult parsed, string data)
    {
        var directory = Path.Combine(data, "audit");
        if (!Directory.Exists(directory))
            directory = data;
        if (!AuditArchive.Files(directory).Any() && !Directory.Exists(Path.Combine(directory, "evidence")))
        {
            Console.Error.WriteLine(
                $"{data} has no audit log: name a gateway's data directory, or the folder \"audit\" in it.");
            return ExitCode.Usage;
        }

        if (ReadOutside(parsed) is not { } outside || ReadKeys(parsed) is not { } keys)
            return ExitCode.Usage;
        try
        {
            var report = AuditVerifier.Verify(directory, outside, keys);
            return Show(parsed, report, JsonSerializer.SerializeToNode(report, VerifyJson.Default.VerifyReport)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"{directory} cannot be read: {e.Message}");
            return ExitCode.Usage;
        }
    }

    private static async Task<int> RemoteAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        if (ReadOutside(parsed) is not { } outside)
            return ExitCode.Usage;
        // The newest checkpoint of each chain also covers the earlier ones.
        var newest = outside.GroupBy(static one => one.Head.Chain, static one => one.Head)
            .Select(static chain => chain.MaxBy(static head => head.Size)!).TakeLast(AuditRoutes.HeadsMax);
        var heads = string.Join('&', newest.Select(static head => $"head={Uri.EscapeDataString($"{head}")}"));
        var reply = await client.GetAsync($"audit/verify?{heads}", ClientJson.Default.VerifyReport, cancellation);
        return Show(parsed, reply.Value, reply.Json);
    }

    /// <summary>Returns the checkpoints; null after an error message.</summary>
    private static List<OutsideCheckpoint>? ReadOutside(ParseResult parsed)
    {
        var outside = new List<OutsideCheckpoint>();
        foreach (var path in parsed.GetValue(Outside) ?? [])
        {
            try
            {
                var evidence = new[] { Path.Combine(path, "audit", "evidence"), Path.Combine(path, "evidence"), path }
                    .FirstOrDefault(Directory.Exists);
                var text = evidence is null
                    ? TextOf(path)
                    : string.Join('\n', Directory.GetFiles(evidence, "*.jsonl").Order().Select(File.ReadAllText));
                var found = AuditVerifier.ReadOutside(path, text);
                if (found.Count == 0)
                {
                    Console.Error.WriteLine($"{path} contains no checkpoint of an audit log.");
                    return null;
                }

                outside.AddRange(found);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine($"{path} cannot be read: {e.Message}");
                return null;
            }
        }

        return outside;
    }

    private static string TextOf(string path) => path == "-" ? Console.In.ReadToEnd() : File.ReadAllText(path);

    /// <summary>Returns the keys; null after an error message.</summary>
    private static List<string>? ReadKeys(ParseResult parsed)
    {
        var keys = new List<string>();
        foreach (var path in parsed.GetValue(Keys) ?? [])
        {
            try
            {
                var found = CheckpointKeys.ReadPublic(TextOf(path));
                keys.AddRange(found.Count > 0 ? found : throw new CryptographicException("it contains no key"));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException
                or ArgumentException)
            {
                Console.Error.WriteLine($"{path} cannot be read as an ECDSA P-256 key in PEM: {e.Message}");
                return null;
            }
        }

        return keys;
    }

    private static int Show(ParseResult parsed, VerifyReport report, JsonNode json)
    {
        var output = Output.For(parsed);
        if (output.IsJson)
            output.Json(json);
        else
            Print(output, report);
        return report.Result switch
        {
            VerifyReport.Sound => ExitCode.Well,
            VerifyReport.Broken => ExitCode.No,
            _ => ExitCode.Nothing,
        };
    }

    private static void Print(Output output, VerifyReport report)
    {
        output.Line("", report.Result switch
        {
            VerifyReport.Sound => "sound",
            VerifyReport.Broken => "BROKEN",
            _ => "nothing to compare",
        }, $": {Spelling.Count(report.Proved, "unchanged record")}, proved by "
            + (report.Checkpoints == 1 ? "1 checkpoint" : $"{Spelling.Count(report.Checkpoints, "checkpoint")}")
            + (report.Newest is { } newest ? $"; the newest is of {Times.Show(newest)}" : ""));
        if (report.Last is { } last)
        {
            output.Line($"last checkpoint that proves records: {Times.Show(last.Time)}, up to "
                + $"{Place(last.At)}; {Spelling.Count(report.Later, "later record")} unproved");
        }

        if (report.Values is { } values)
            Print(output, values);
        if (ResourceText.Joined(report.Keys) is { } keys)
            output.Line($"signed by {keys}, {report.KeysFrom}");
        output.Line("");
        output.Table(report.Parts, "There are no records.",
            ("STATE", static part => part.State),
            ("FROM", static part => Place(part.From)),
            ("TO", static part => Place(part.To)),
            ("RECORDS", static part => part.Records is { } count ? $"{count:N0}" : null),
            ("WHY", static part => part.Says));
        if (report.Outside.Count > 0)
        {
            output.Line("");
            output.Table(report.Outside, "",
                ("CHECKPOINT", static one => one.Source),
                ("STATE", static one => one.State),
                ("RECORDS", static one => $"{one.Size:N0}"),
                ("WHY", static one => one.Says));
        }

        output.Line("");
        foreach (var limit in report.Limits)
            output.Line(limit);
    }

    private static void Print(Output output, VerifiedValues values)
    {
        output.Line($"personal values: {values.Kept:N0} kept, {values.Changed:N0} changed, "
            + $"{values.Missing:N0} missing without an erasure record");
        foreach (var erasure in values.Erasures)
            output.Line($"{Spelling.Count(erasure.Values, "value")} erased by {erasure.Id} at {Place(erasure.At)}");
        if (values.Pending > 0)
        {
            output.Line($"{Spelling.Count(values.Pending, "record")} still to be erased: an erasure was interrupted; "
                + "restart the gateway, or repeat \"gateway audit erase\"");
        }
    }

    /// <summary>Returns a file and the offset in it.</summary>
    private static string? Place(LogPlace place) => place.File > 0 ? $"{place.File}:{place.Offset}" : null;
}
