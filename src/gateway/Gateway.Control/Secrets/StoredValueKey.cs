using System.Security.Cryptography;
using System.Text.Json;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Limits.Model;
using Gateway.Limits.Windows;

namespace Gateway.Control.Secrets;

/// <summary>
/// The key of values as a control document, so that it is stored with the reservations and all frontends have it. It is
/// created when it is first needed. The counter store also records that a key exists, and which. If the document is
/// gone or is replaced while the key may have been used, nothing is counted by value, because the count of each value
/// would start again.
/// </summary>
public sealed class StoredValueKey(
    IControlStore store, ILimiter limiter, ProcessClock clock, TimeProvider time) : IValueKey
{
    private const int KeyBytes = 32;
    private const int DigestBytes = 8;
    private const int LooksMax = 5;

    /// <summary>A scope that is not a valid server name, so that no other counter has it.</summary>
    private const string Scope = "(values)";

    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private volatile byte[]? _key;
    private volatile string? _fault;
    private Task? _asking;
    private long _askedAt;

    /// <inheritdoc/>
    public string? Fault => _key is null ? _fault : null;

    private static ControlKey Document { get; } = new(ControlKinds.ValueKeys, "counters");

    /// <inheritdoc/>
    public ValueTask<byte[]?> GetAsync(CancellationToken cancellationToken) =>
        _key is { } key ? new(key) : OpenAsync(cancellationToken);

    /// <summary>
    /// Returns the counters that record which key is in use, if there is one. A restored store has no counts, and
    /// without these counters its key would look like another one.
    /// </summary>
    public static IEnumerable<CounterKey> MarksOf(ControlSnapshot documents)
    {
        ArgumentNullException.ThrowIfNull(documents);
        return documents.Find(Document) is { } written && Parse(written) is { } key
            ? [Any().Key, This(key).Key]
            : [];
    }

    private async ValueTask<byte[]?> OpenAsync(CancellationToken cancellationToken)
    {
        Task asking;
        lock (_lock)
        {
            var isLate = _asking is { IsCompleted: true } && time.GetElapsedTime(_askedAt) >= AskAgainAfter;
            if (_asking is null || isLate) _asking = AskAsync();
            asking = _asking;
        }

        await asking.WaitAsync(cancellationToken);
        return _key;
    }

    /// <summary>Loads the key once for all callers that wait.</summary>
    private async Task AskAsync()
    {
        _askedAt = time.GetTimestamp();
        try
        {
            (_key, _fault) = await ReadAsync(CancellationToken.None);
        }
        catch (ControlStoreException e)
        {
            _fault = $"the key that hashes values of limits with \"by\" cannot be read: {e.Message.TrimEnd('.')}";
        }
    }

    private async ValueTask<(byte[]? Key, string? Fault)> ReadAsync(CancellationToken cancellationToken)
    {
        var written = await FindAsync(cancellationToken);
        if (written is null)
        {
            // The counter is read first: a key that another frontend creates in the meantime is found by the second
            // read.
            var (isUsed, unknown) = await IsCountedAsync(Any(), cancellationToken);
            written = unknown is null ? await FindAsync(cancellationToken) : null;
            if (unknown is not null) return (null, unknown);
            if (written is null && isUsed) return (null, Lost("is gone"));
            written ??= await MakeAsync(cancellationToken);
        }

        return Parse(written) is { } key
            ? await ConfirmAsync(key, cancellationToken)
            : (null, Lost("cannot be read"));
    }

    /// <summary>
    /// Records in the counter store that this key is in use. Another frontend may be doing the same concurrently.
    /// </summary>
    private async ValueTask<(byte[]? Key, string? Fault)> ConfirmAsync(
        byte[] key, CancellationToken cancellationToken)
    {
        for (var look = 0; look < LooksMax; look++)
        {
            if (look > 0) await Task.Delay(LookAgainAfter, time, cancellationToken);
            var both = await limiter.AcquireAsync(Request(Any(), This(key)), cancellationToken);
            both.Permit.Complete();
            if (both.IsAdmitted) return (key, null);
            var (isThis, unknown) = await IsCountedAsync(This(key), cancellationToken);
            if (unknown is not null) return (null, unknown);
            if (isThis) return (key, null);
        }

        return (null, Lost("is not the one in use"));
    }

    private async ValueTask<ControlDocument?> FindAsync(CancellationToken cancellationToken) =>
        (await store.ReadAsync(cancellationToken)).Find(Document);

    private async ValueTask<ControlDocument> MakeAsync(CancellationToken cancellationToken)
    {
        var content = ControlJsonContext.Write(
            new ValueKeyDocument(RandomNumberGenerator.GetBytes(KeyBytes)),
            ControlJsonContext.Default.ValueKeyDocument);
        // Another frontend's key may exist by now: then that one is used.
        await store.WriteAsync(Document, 0, content, cancellationToken);
        return await FindAsync(cancellationToken)
            ?? throw new ControlStoreException("The document was written, but it is missing.");
    }

    private async ValueTask<(bool IsCounted, string? Unknown)> IsCountedAsync(
        LimitCost mark, CancellationToken cancellationToken)
    {
        var unknown = "";
        for (var look = 0; look < LooksMax; look++)
        {
            // A counter that another frontend is just reading is unavailable for that time.
            if (look > 0)
                await Task.Delay(LookAgainAfter, time, cancellationToken);
            var peek = await limiter.PeekAsync(Request(mark), cancellationToken);
            if (peek.Refusal is not { } refused)
                return (false, null);
            if (refused.Kind == RefusalKind.NoRoom)
                return (true, null);
            unknown = refused.Reason.TrimEnd('.');
        }

        return (false, unknown);
    }

    private LimitRequest Request(params LimitCost[] marks) => new(CallId.New(), clock.NowMs(), [.. marks]);

    private static LimitCost Any() => Mark("key");

    private static LimitCost This(byte[] key) =>
        Mark($"key~{Convert.ToHexStringLower(SHA256.HashData(key).AsSpan(0, DigestBytes))}");

    private static LimitCost Mark(string name)
    {
        // The longest window there is: no window of a limit by value outlives it by more than once.
        Window.TryFromSeconds(Window.SecondsMax, out var longest);
        var key = new CounterKey(LimitScope.Server, Scope, name, WindowKind.Fixed, longest);
        return new LimitCost(key, Amount.One, Amount.One);
    }

    private static byte[]? Parse(ControlDocument document)
    {
        try
        {
            return JsonSerializer.Deserialize(document.Content.Span, ControlJsonContext.Default.ValueKeyDocument)
                is { Key.Length: KeyBytes } read ? read.Key : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Lost(string how) =>
        $"the key that hashes the values that limits name in \"by\" {how}: restore the control document {Document} "
        + "from a backup of the control documents";
}
