using System.Globalization;
using Gateway.Orleans.Documents.Wire;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace Gateway.Orleans.Documents.Records;

/// <summary>
/// The control documents in grain storage: a body for each revision, and the head that selects the current body.
/// </summary>
internal sealed partial class ControlRecords(IGrainStorage storage, TimeProvider time, ILogger<ControlRecords> log)
{
    /// <summary>Timeout of one exchange; after it, the outcome counts as unknown.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private const string HeadName = "control-head";
    private const string BodyName = "control-body";
    private static readonly GrainType Holder = GrainType.Create("gateway.control");
    private static readonly GrainId HeadId = GrainId.Create(Holder, IControlGrain.GrainKey);

    /// <summary>Reads the head. Exceptions of the storage pass through, as in all methods of this class.</summary>
    public async Task<Head> ReadHeadAsync()
    {
        var state = new GrainState<HeadState>(new HeadState());
        await storage.ReadStateAsync(HeadName, HeadId, state).WaitAsync(Timeout, time);
        return state is { RecordExists: true, State: { } head }
            ? new Head(head.Revision, Parse(head.Nonce), state.ETag)
            : new Head(0, 0, state.ETag);
    }

    /// <summary>Reads the body of this nonce; null if it is gone, in which case its head is gone too.</summary>
    public async Task<(BodyState Body, string? Tag)?> ReadBodyAsync(UInt128 nonce)
    {
        var state = new GrainState<BodyState>(new BodyState());
        await storage.ReadStateAsync(BodyName, IdOf(nonce), state).WaitAsync(Timeout, time);
        return state is { RecordExists: true, State: { } body } ? (body, state.ETag) : null;
    }

    /// <summary>Writes a body that nothing refers to yet, and returns its tag.</summary>
    public async Task<string?> WriteBodyAsync(UInt128 nonce, BodyState body)
    {
        var state = new GrainState<BodyState>(body);
        await storage.WriteStateAsync(BodyName, IdOf(nonce), state).WaitAsync(Timeout, time);
        return state.ETag;
    }

    /// <summary>
    /// Publishes a body if the head still has this tag. If the write fails, the outcome is unknown whatever storage
    /// reports: its client may have sent the write twice and report the second one.
    /// </summary>
    public async Task<Head> WriteHeadAsync(string? tag, long revision, UInt128 nonce)
    {
        var next = new HeadState { Revision = revision, Nonce = Text(nonce) };
        var state = new GrainState<HeadState>(next, tag) { RecordExists = tag is not null };
        await storage.WriteStateAsync(HeadName, HeadId, state).WaitAsync(Timeout, time);
        return new Head(revision, nonce, state.ETag);
    }

    /// <summary>Deletes a body that no head will refer to anymore. A failed deletion is harmless.</summary>
    public async Task DropBodyAsync(UInt128 nonce, string? tag)
    {
        try
        {
            var state = new GrainState<BodyState>(new BodyState(), tag) { RecordExists = true };
            await storage.ClearStateAsync(BodyName, IdOf(nonce), state).WaitAsync(Timeout, time);
        }
        catch (Exception exception)
        {
            LogDropFailed(Text(nonce), exception);
        }
    }

    /// <summary>Returns the stored form of a nonce.</summary>
    public static string Text(UInt128 nonce) => nonce.ToString("x32", CultureInfo.InvariantCulture);

    private static UInt128 Parse(string text) =>
        UInt128.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static GrainId IdOf(UInt128 nonce) => GrainId.Create(Holder, Text(nonce));

    [LoggerMessage(1, LogLevel.Warning,
        "The control documents of an earlier revision, {Nonce}, could not be deleted and stay in storage.")]
    private partial void LogDropFailed(string nonce, Exception exception);
}

/// <summary>The head record as read from storage.</summary>
/// <param name="Revision">The current revision; 0 if there is no record yet.</param>
/// <param name="Nonce">Nonce of the write that made it, and its body's name; 0 if there is no record yet.</param>
/// <param name="Tag">The storage's entity tag; null if there is no record yet.</param>
internal sealed record Head(long Revision, UInt128 Nonce, string? Tag);

/// <summary>
/// The only record that is updated by compare-and-swap; it selects the current body. It is small, so that reading it is
/// cheap.
/// </summary>
[GenerateSerializer]
[Alias("gateway.control-head")]
internal sealed class HeadState
{
    /// <summary>The revision of the body.</summary>
    [Id(0)]
    public long Revision { get; set; }

    /// <summary>Nonce of the write that made it, and the body's name: 32 hexadecimal digits.</summary>
    [Id(1)]
    public string Nonce { get; set; } = "";
}

/// <summary>All documents at one revision; written once under a unique name and never changed.</summary>
[GenerateSerializer]
[Alias("gateway.control-body")]
internal sealed class BodyState
{
    [Id(0)]
    public long Revision { get; set; }

    /// <summary>The documents, in the order of their keys.</summary>
    [Id(1)]
    public BodyItemState[] Items { get; set; } = [];

    /// <summary>
    /// Nonces of the last changes in order, ending with the change of this revision; 32 hexadecimal digits each.
    /// </summary>
    [Id(2)]
    public string[] Changes { get; set; } = [];
}
