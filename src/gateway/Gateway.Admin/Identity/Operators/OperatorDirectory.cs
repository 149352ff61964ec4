using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Snapshots;

namespace Gateway.Admin.Identity.Operators;

/// <summary>
/// All operators, keys and sessions of one snapshot of the control documents. Unreadable documents are ignored and give
/// no access.
/// </summary>
public sealed class OperatorDirectory
{
    /// <summary>The document that lists expired keys.</summary>
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
        // Two keys with the same hash do not occur; if somebody writes them, neither gives access.
        Keys = keys.GroupBy(static key => key.Hash).Where(static same => same.Count() == 1)
            .ToFrozenDictionary(static same => same.Key, static same => same.Single());
        Passkeys = Read(ControlKinds.Passkeys, ControlJsonContext.Default.PasskeysDocument, PasskeysOf)
            .ToFrozenDictionary(static some => some.Owner.Name, StringComparer.Ordinal);
        Absences = Read(ControlKinds.Absences, ControlJsonContext.Default.AbsenceDocument, AbsenceOf)
            .ToFrozenDictionary(static one => one.Owner.Name, StringComparer.Ordinal);
        Sessions = Read(ControlKinds.Sessions, ControlJsonContext.Default.SessionDocument, Session)
            .ToFrozenDictionary(static session => session.Id, StringComparer.Ordinal);
    }

    /// <summary>The snapshot that was read.</summary>
    public ControlSnapshot Documents { get; }

    /// <summary>The documents that could not be read and are ignored.</summary>
    public IReadOnlyList<ControlDocument> Unreadable => _unreadable;

    /// <summary>The accounts by name.</summary>
    public FrozenDictionary<string, OperatorAccount> Accounts { get; }

    /// <summary>Returns the accounts linked to a provider's subject. If there are two, nobody is signed in.</summary>
    public IReadOnlyList<OperatorAccount> Of(string issuer, string subject) =>
    [
        .. Accounts.Values.Where(account =>
            account.Identity is { } identity && identity.Issuer == issuer && identity.Subject == subject),
    ];

    /// <summary>
    /// The keys by hash. Hashes are compared, so the duration of a lookup reveals nothing about a key.
    /// </summary>
    public FrozenDictionary<TokenHash, OperatorKey> Keys { get; }

    /// <summary>The passkeys by the owner's name.</summary>
    public FrozenDictionary<string, OperatorPasskeys> Passkeys { get; }

    /// <summary>The stored absences by the absent operator's name; each has its own period.</summary>
    public FrozenDictionary<string, OperatorAbsence> Absences { get; }

    /// <summary>The sessions by id.</summary>
    public FrozenDictionary<string, OperatorSession> Sessions { get; }

    /// <summary>Reads the documents of a snapshot.</summary>
    public static OperatorDirectory Of(ControlSnapshot documents) => new(documents);

    /// <summary>Returns the keys of one operator, ordered by name.</summary>
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
            // If the document cannot be read, every key with an expiry counts as ended.
            HasEnded = stored.Expires is not null && _ended?.Contains(hash.ToString()) != false,
            Version = document.Version,
        };
    }

    /// <summary>Returns the hashes of the expired keys; null if the document cannot be read.</summary>
    private FrozenSet<string>? Ended() =>
        Documents.Find(EndedKeys) is not { } document
            ? FrozenSet<string>.Empty
            : Parse(document, ControlJsonContext.Default.EndedKeysDocument)?.Hashes
                .ToFrozenSet(StringComparer.Ordinal);

    private OperatorPasskeys? PasskeysOf(ControlDocument document, PasskeysDocument stored) =>
        Accounts.GetValueOrDefault(document.Key.Name) is not { } owner || owner.Id != stored.OperatorId
            ? null
            : new OperatorPasskeys(owner, stored, document.Version);

    private OperatorAbsence? AbsenceOf(ControlDocument document, AbsenceDocument stored) =>
        Accounts.GetValueOrDefault(document.Key.Name) is not { } owner || owner.Id != stored.OperatorId
            ? null
            : new OperatorAbsence(
                owner, stored, document.Version,
                // A later account of the delegate's name is another person.
                stored.Delegate is { } name && Accounts.GetValueOrDefault(name) is { } account
                    && account.Id == stored.DelegateId ? account : null);

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

/// <summary>The passkeys of one operator.</summary>
/// <param name="Owner">The operator.</param>
/// <param name="Stored">The stored document.</param>
/// <param name="Version">The version of the document.</param>
public sealed record OperatorPasskeys(OperatorAccount Owner, PasskeysDocument Stored, long Version);
