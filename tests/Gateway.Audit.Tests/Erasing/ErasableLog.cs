using Gateway.Audit.Arguments;
using Gateway.Audit.Erasing;
using Gateway.Audit.Evidence;
using Gateway.Audit.Files;
using Gateway.Audit.Records;
using Gateway.Audit.Verifying;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Policy.Decisions;
using Microsoft.AspNetCore.DataProtection;

namespace Gateway.Audit.Tests.Erasing;

/// <summary>A running log on disk whose records name callers, and its eraser.</summary>
internal sealed class ErasableLog : IAsyncDisposable
{
    private readonly EphemeralDataProtectionProvider _protection;
    private readonly RecordedArgumentsOptions _kept;
    private readonly AuditLogOptions _options;

    public ErasableLog(string folder, EphemeralDataProtectionProvider? protection = null)
    {
        _protection = protection ?? new EphemeralDataProtectionProvider();
        _options = new AuditLogOptions { Directory = Path.Combine(folder, "audit"), FileBytesMax = 4096 };
        _kept = new RecordedArgumentsOptions { Directory = Path.Combine(folder, "arguments") };
        Log = new AuditLog(_options, TimeProvider.System, NullLogger<AuditLog>.Instance, []);
        Arguments = new ArgumentRecorder(
            _kept, _protection, TimeProvider.System, NullLogger<ArgumentRecorder>.Instance);
        Eraser = new RecordEraser(
            Log, _options, Arguments, TimeProvider.System, NullLogger<RecordEraser>.Instance);
    }

    public AuditLog Log { get; }

    public ArgumentRecorder Arguments { get; }

    public RecordEraser Eraser { get; }

    public string Directory => _options.Directory;

    public static PersonQuery Person(string subject) => new(["corp"], [subject]);

    /// <summary>Records a decision on a call of a caller; null is a grant's own token.</summary>
    public async Task<CallId> CallAsync(
        string? subject, string? actor = null, string? arguments = null, long nowMs = 1000)
    {
        var id = CallId.New();
        var call = new Call(id.ToString(), "bot", "crm", nowMs)
        {
            Caller = subject is null ? null : new Caller { Issuer = "corp", Subject = subject, Actor = actor },
            Message = new McpMessage
            {
                Body = default,
                Kind = McpMessageKind.Request,
                Method = McpMethods.ToolsCall,
                Name = "send",
            },
        };
        if (arguments is not null)
            Arguments.Post(id.Bits, nowMs, Kept(arguments));
        Assert.True(await Log.RecordAsync(
            AuditEncoder.Decision(call, new DecisionRecord
            {
                Rule = "/tools/send",
                RecordedArguments = arguments is null ? default : Kept(arguments),
            })));
        return id;
    }

    public async Task CommentAsync(string caller, string comment) => Assert.True(await Log.RecordAsync(
        AuditEncoder.Approval(
            new ApprovalEvent
            {
                Id = "a1",
                Became = "denied",
                Grant = "bot",
                Server = "crm",
                Tool = "send",
                Rule = "/tools/send",
                By = "ana",
                Caller = caller,
                CallerIssuer = "corp",
                Comment = comment,
            },
            1000)));

    public Task<ErasureResult?> EraseAsync(string subject) =>
        Eraser.EraseAsync(Person(subject), new Actor("admin"), "request 17");

    public string? ArgumentsOf(CallId id, long nowMs = 1000)
    {
        using var reader = new ArgumentReader(_kept.Directory, _protection, 0);
        return reader.FindSealed(id.ToString(), nowMs) is { } found ? Convert.ToHexString(found) : null;
    }

    public VerifyReport Verify() => AuditVerifier.Verify(Directory, [], [], Arguments.OpenReader);

    public static List<string> Lines(string directory)
    {
        var lines = new List<string>();
        foreach (var file in AuditArchive.InOrder(directory))
        {
            using var text = new StreamReader(file.Open(0));
            while (text.ReadLine() is { } line)
                lines.Add(line);
        }

        return lines;
    }

    /// <summary>Replaces text in the plain or compressed file that contains it; the length stays the same.</summary>
    public static LogPlace Replace(string directory, string text, string with)
    {
        foreach (var file in AuditArchive.InOrder(directory).ToList())
        {
            using var read = new StreamReader(file.Open(0));
            var all = read.ReadToEnd();
            var at = all.IndexOf(text, StringComparison.Ordinal);
            if (at < 0)
                continue;
            File.Delete(file.Path);
            File.WriteAllText(
                AuditFileName.PathOf(directory, file.Number), string.Concat(all.AsSpan(0, at), with,
                    all.AsSpan(at + text.Length)));
            return new LogPlace(file.Number, all.LastIndexOf('\n', at) + 1);
        }

        throw new InvalidOperationException($"{text} is in no file");
    }

    public async ValueTask DisposeAsync()
    {
        Eraser.Dispose();
        await Arguments.DisposeAsync();
        Log.Dispose();
    }

    public static byte[] Kept(string value) => System.Text.Encoding.UTF8.GetBytes($$"""{"v":"{{value}}"}""");

    private sealed record Call(string IdText, string GrantName, string ServerName, long NowMs) : IAuditedCall
    {
        public Caller? Caller { get; init; }

        public required McpMessage Message { get; init; }

        public string? PolicyName => null;

        public string? PolicySha256 => null;

        public string? SessionCounterId => null;

        public long ArrivedMs => NowMs;
    }
}
