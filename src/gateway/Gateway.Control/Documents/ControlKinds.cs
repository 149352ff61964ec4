using System.Buffers;

namespace Gateway.Control.Documents;

/// <summary>The kinds of control documents.</summary>
public static class ControlKinds
{
    /// <summary>Registered MCP servers.</summary>
    public const string Servers = "servers";

    /// <summary>The present and former names of renamed servers; the name is the server's first one.</summary>
    public const string ServerNames = "server-names";

    /// <summary>Policy documents, byte for byte as they were set.</summary>
    public const string Policies = "policies";

    /// <summary>Lists that policies name.</summary>
    public const string Lists = "lists";

    /// <summary>Grants, with the hash of their token.</summary>
    public const string Grants = "grants";

    /// <summary>How often a counter was reset; the name is the counter's identity.</summary>
    public const string Generations = "generations";

    /// <summary>The hash of the administrator's key.</summary>
    public const string Admin = "admin";

    /// <summary>Keys of ASP.NET Core Data Protection, which encrypt the servers' credentials.</summary>
    public const string ProtectionKeys = "protection-keys";

    /// <summary>Requests for a person's approval; the name is the digest of the call.</summary>
    public const string Approvals = "approvals";

    /// <summary>Leave for several calls of one kind; the name is its id.</summary>
    public const string StandingApprovals = "standing-approvals";

    /// <summary>Calls that a server needs more input for; the name is the digest of the call.</summary>
    public const string Tickets = "tickets";

    /// <summary>When a grant of the file that ends after a length was first seen; the name is the grant's.</summary>
    public const string FirstSeen = "first-seen";

    /// <summary>
    /// What the operator has stopped: <c>gateway</c>, <c>servers/NAME</c> or <c>grants/NAME</c>. There being one is
    /// the pause; what it says is only shown.
    /// </summary>
    public const string Pauses = "pauses";

    /// <summary>When grants were last used: one document, <c>grants</c>, for all of them.</summary>
    public const string LastUsed = "last-used";

    /// <summary>
    /// Expiries that were reached: one document, <c>grants</c>, for all grants, and one, <c>operator-keys</c>, for all
    /// keys of operators.
    /// </summary>
    public const string Ended = "ended";

    /// <summary>The key under which values of arguments become parts of counters' names: one document.</summary>
    public const string ValueKeys = "value-keys";

    /// <summary>Keys under which the record has digests instead of values, sealed; the name is what of.</summary>
    public const string DigestKeys = "digest-keys";

    /// <summary>Accounts of operators, by name.</summary>
    public const string Operators = "operators";

    /// <summary>API keys of operators, hashed; the name is <c>OPERATOR/KEY</c>.</summary>
    public const string OperatorKeys = "operator-keys";

    /// <summary>Passkeys of operators, by the operator's name.</summary>
    public const string Passkeys = "passkeys";

    /// <summary>Wrong passwords, by place: names and addresses share a fixed number.</summary>
    public const string Guesses = "guesses";

    /// <summary>Browsers of operators that are signed in; the name is the hash of what the cookie holds.</summary>
    public const string Sessions = "sessions";

    /// <summary>Applications that registered as clients, by their id.</summary>
    public const string OAuthClients = "oauth-clients";

    /// <summary>What operators are asked to consent to; the name is the hash of what their form holds.</summary>
    public const string OAuthRequests = "oauth-requests";

    /// <summary>Codes that clients exchange for tokens, by their hash.</summary>
    public const string OAuthCodes = "oauth-codes";

    /// <summary>Access and refresh tokens, hashed; the name is their grant's.</summary>
    public const string OAuthTokens = "oauth-tokens";

    /// <summary>Keys that derive a client's next tokens from its refresh token: one document, <c>tokens</c>.</summary>
    public const string OAuthKeys = "oauth-keys";

    /// <summary>Assertions of clients that were used; the name is a hash.</summary>
    public const string OAuthAssertions = "oauth-assertions";

    /// <summary>Channels that tell people of what waits for them.</summary>
    public const string Channels = "channels";

    /// <summary>Messages to channels, sent or not; the name is <c>NOTIFICATION/CHANNEL</c>.</summary>
    public const string Deliveries = "deliveries";

    /// <summary>Events that people are told of; the name is the event's id.</summary>
    public const string Events = "events";

    /// <summary>What operators said that tools are; the name is <c>SERVER/TOOL</c>.</summary>
    public const string Classifications = "classifications";

    /// <summary>Edits of policies that are not in force; the name is the policy's.</summary>
    public const string Drafts = "drafts";

    /// <summary>Edits that are judged beside the policy in force, or decide for some grants; the name is the policy's.
    /// </summary>
    public const string Candidates = "candidates";

    /// <summary>The newest checkpoint of each frontend's audit log; the name is the writer's.</summary>
    public const string Checkpoints = "checkpoints";

    /// <summary>The digests of the configuration files of each frontend; the name is its audit log's writer.</summary>
    public const string ConfigFiles = "config-files";

    /// <summary>
    /// The frontends that are up and the digests of what their configuration files have; the names are the audit log's
    /// writer, and <c>WRITER/config</c>.
    /// </summary>
    public const string Fleet = "fleet";

    /// <summary>Which inventory of a server is in force, by the server's name; the archive has it.</summary>
    public const string Inventories = "inventories";

    /// <summary>That somebody looks at decisions as they happen: one document, <c>decisions</c>.</summary>
    public const string Watches = "watches";

    /// <summary>Authentication codes of other documents, and the index of their versions.</summary>
    public const string DocumentMacs = "document-macs";

    /// <summary>The objects that documents of an owner made, by the owner's name.</summary>
    public const string Applied = "applied";

    /// <summary>Whether no call depends on documents of this kind: they come and go and change no snapshot.</summary>
    internal static bool IsOfNoCall(string kind) =>
        kind is Approvals or StandingApprovals or Tickets or LastUsed or Ended or Operators or OperatorKeys or Sessions
            or Passkeys or Guesses or Deliveries or Events or Checkpoints or OAuthClients or OAuthRequests
            or OAuthCodes or OAuthTokens or OAuthKeys or OAuthAssertions or Classifications or Drafts or Inventories
            or DigestKeys or Applied or Watches or DocumentMacs or ConfigFiles or Fleet;

    internal static readonly SearchValues<char> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz-");
}
