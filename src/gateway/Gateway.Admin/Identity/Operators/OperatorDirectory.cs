using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Snapshots;

namespace Gateway.Admin.Identity.Operators;

/// <summary>
/// Every operator, key and session as of one state of the control documents. What cannot be read is left out, and
/// opens nothing.
/// </summary>
public sealed class OperatorDirectory
{
    /// <summary>The document of keys that reached their expiry.</summary>
    internal static readonly ControlKey EndedKeys = new(ControlKinds.Ended, "operator-keys");

    private readonly List<ControlDocument> _unreadable = [];
    private readonly FrozenSet<string>? _ended;

    private OperatorDirectory(ControlSnapshot documents)
    {
        Documents = documents;
        Accounts = Read(ControlKinds.Operators, ControlJsonContext.Default.OperatorDocument, Account)
            .ToFrozenDictionary(static account => account.Name, StringComparer.Ordinal);
        _ended = Ended();
        var keys = Read(ControlKinds.OperatorKeys, ControlJsonContext.Default.OperatorKeyDocument, Key).ToList();
        // Two of one hash do not happen; where somebody writes them, neither opens anything.
        Keys = keys.GroupBy(static key => key.Hash).Where(static same => same.Count() == 1)
            .ToFrozenDictionary(static same => same.Key, static same => same.Single());
        Passkeys = Read(ControlKinds.Passkeys, ControlJsonContext.Default.PasskeysDocument, PasskeysOf)
            .ToFrozenDictionary(static some => some.Owner.Name, StringComparer.Ordinal);
        Sessions = Read(ControlKinds.Sessions, ControlJsonContext.Default.SessionDocument, Session)
            .ToFrozenDictionary(static session => session.Id, StringComparer.Ordinal);
    }

    /// <summary>What it was read from.</summary>
    public ControlSnapshot Documents { get; }

    /// <summary>What is left out because nobody could say what it means.</summary>
    public IReadOnlyList<ControlDocument> Unreadable => _unreadable;

    /// <summary>By name.</summary>
    public FrozenDictionary<string, OperatorAccount> Accounts { get; }

    /// <summary>Whom a provider names by this subject; nobody comes in where there are two.</summary>
    public IReadOnlyList<OperatorAccount> Of(string issuer, string subject) =>
    [
        .. Accounts.Values.Where(account =>
            account.Identity is { } identity && identity.Issuer == issuer && identity.Subject == subject),
    ];

    /// <summary>By hash. Hashes are compared, so what an attacker can time says nothing about a key.</summary>
    public FrozenDictionary<TokenHash, OperatorKey> Keys { get; }

    /// <summary>By the owner's name.</summary>
    public FrozenDictionary<string, OperatorPasskeys> Passkeys { get; }

    /// <summary>By id.</summary>
    public FrozenDictionary<string, OperatorSession> Sessions { get; }

    /// <summary>Reads the documents.</summary>
    public static OperatorDirectory Of(ControlSnapshot documents) => new(documents);

    /// <summary>The keys of one operator, by name.</summary>
    public IEnumerable<OperatorKey> KeysOf(OperatorAccount account) =>
        Keys.Values.Where(key => key.Owner == account).OrderBy(static key => key.Name, StringComparer.Ordinal);

    private IEnumerable<TOut> Read<TIn, TOut>(
        string kind, JsonTypeInfo<TIn> type, Func<ControlDocument, TIn, TOut?> read)
        where TIn : class
        where TOut : class =>
        from document in Documents.OfKind(kind)
        let parsed = Parse(document, type)
        where parsed is not null
        let one = read(document, parsed)
        where one is not null
        select one;

    private OperatorAccount? Account(ControlDocument document, OperatorDocument stored) =>
        RoleSet.Parse(stored.Roles) is { } roles
            ? new OperatorAccount(document.Key.Name, stored, roles, document.Version)
            : NotRead<OperatorAccount>(document);

    private OperatorKey? Key(ControlDocument document, OperatorKeyDocument stored)
    {
        var name = document.Key.Name.Split('/', 2);
        RoleSet? limit = null;
        if (name.Length != 2 || !TokenHash.TryParse(stored.KeyHash, out var hash)
            || (stored.Roles is not null && (limit = RoleSet.Parse(stored.Roles)) is null))
        {
            return NotRead<OperatorKey>(document);
        }

        if (Accounts.GetValueOrDefault(name[0]) is not { } owner || owner.Id != stored.OperatorId)
            return null;

        return new OperatorKey
        {
            Owner = owner,
            Name = name[1],
            Hash = hash,
            Limit = limit,
            Created = stored.Created,
            Expires = stored.Expires,
            // Where the document cannot be read, every key with an expiry counts as ended.
            HasEnded = stored.Expires is not null && _ended?.Contains(hash.ToString()) != false,
            Version = document.Version,
        };
    }

    /// <summary>The hashes of the keys that have ended; null where the document cannot be read.</summary>
    private FrozenSet<string>? Ended() =>
        Documents.Find(EndedKeys) is not { } document
            ? FrozenSet<string>.Empty
            : Parse(document, ControlJsonContext.Default.EndedKeysDocument)?.Hashes
                .ToFrozenSet(StringComparer.Ordinal);

    private OperatorPasskeys? PasskeysOf(ControlDocument document, PasskeysDocument stored) =>
        Accounts.GetValueOrDefault(document.Key.Name) is not { } owner || owner.Id != stored.OperatorId
            ? null
            : new OperatorPasskeys(owner, stored, document.Version);

    private OperatorSession? Session(ControlDocument document, SessionDocument stored) =>
        Accounts.GetValueOrDefault(stored.Operator) is not { } owner || owner.Id != stored.OperatorId
            ? null
            : new OperatorSession
            {
                Id = document.Key.Name,
                Owner = owner,
                Created = stored.Created,
                Seen = stored.Seen,
                From = stored.From,
                Agent = stored.Agent,
                Version = document.Version,
            };

    private T? NotRead<T>(ControlDocument document)
        where T : class
    {
        _unreadable.Add(document);
        return null;
    }

    private T? Parse<T>(ControlDocument document, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(document.Content.Span, type) ?? NotRead<T>(document);
        }
        catch (JsonException)
        {
            return NotRead<T>(document);
        }
    }
}
