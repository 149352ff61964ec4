using System.Collections.Frozen;
using System.Text.Json;
using Gateway.Proxy.Searching;

namespace Gateway.Catalogue.Classifying;

/// <summary>
/// The evidence in the members of a schema. Only names in the schema itself are read, never references.
/// </summary>
internal sealed class SchemaSigns
{
    private const int MembersMax = 500;
    private const int DepthMax = 6;
    private const int NameCharsMax = 80;
    private const int ChoicesMax = 100;

    private static readonly FrozenSet<string> Amounts = Set("amount valor monto importe betrag total_amount amounts");
    private static readonly FrozenSet<string> Prices = Set("price quantity qty volume units side limit_price");
    private static readonly FrozenSet<string> Receivers =
        Set("to recipient receiver recipients receivers address toaddress destination payee beneficiary");
    private static readonly FrozenSet<string> Statements = Set("sql statement statements ddl dml");
    private static readonly FrozenSet<string> Code = Set("""
        command cmd commands script code javascript js python shell bash program source_code codesnippet expression
        mutation
        """);
    private static readonly FrozenSet<string> Actions =
        Set("action operation op method verb act");
    private static readonly FrozenSet<string> HttpMethods = Set("get post put patch delete head options trace");
    private static readonly FrozenSet<string> Paths = Set("path filepath filename directory folder dir file");
    private static readonly FrozenSet<string> Addresses = Set("url uri endpoint webhook callback link");
    private static readonly FrozenSet<string> Secrets =
        Set("""
            token secret password passwd apikey credential credentials privatekey accesstoken refreshtoken otp mnemonic
            seedphrase kubeconfig connectionstring passphrase secretkey accesskey jwt
            """);

    /// <summary>Words that make a token one of a list or a count, and not a credential.</summary>
    private static readonly FrozenSet<string> OfLists =
        Set("page next previous prev continuation continue cursor sync csrf resume delta skip total max count");

    private static readonly FrozenSet<string> Trades = Set("""
        dailybudget lifetimebudget bidamount takeprofit stoploss trailingstop leverage marginmode slippage slippagebps
        slippagetolerance
        """);
    private static readonly FrozenSet<string> Machines =
        Set("host hostname target targets ip ipaddress startip subnet cidr");

    private const int WordsMax = 400;

    private readonly List<string> _words = [];
    private readonly List<string> _joined = [];
    private readonly List<string> _choices = [];
    private int _members;

    private SchemaSigns()
    {
    }

    /// <summary>The words of the members' names.</summary>
    public IReadOnlyList<string> Words => _words;

    /// <summary>The members' names, each joined to one word.</summary>
    public IReadOnlyList<string> Joined => _joined;

    /// <summary>The words of the choices that members offer.</summary>
    public IReadOnlyList<string> ChoiceWords => _choices;

    /// <summary>A member with an amount of money.</summary>
    public string? Amount { get; private set; }

    /// <summary>A member with a price or quantity.</summary>
    public string? Price { get; private set; }

    /// <summary>A member with a receiver.</summary>
    public string? Receiver { get; private set; }

    /// <summary>A member that takes a database statement.</summary>
    public string? Statement { get; private set; }

    /// <summary>A member that takes code or a command.</summary>
    public string? Program { get; private set; }

    /// <summary>A member whose content is run.</summary>
    public string? Runs => Program ?? Statement;

    /// <summary>A member that takes a path.</summary>
    public string? Path { get; private set; }

    /// <summary>A member that takes an address to connect to.</summary>
    public string? Url { get; private set; }

    /// <summary>A member that contains a secret.</summary>
    public string? Secret { get; private set; }

    /// <summary>A member with a term of a trade, or with a budget that is spent.</summary>
    public string? Trade { get; private set; }

    /// <summary>A member with another machine.</summary>
    public string? Machine { get; private set; }

    /// <summary>A member that removes something.</summary>
    public string? Remover { get; private set; }

    /// <summary>A switch that clears what the tool reads.</summary>
    public string? Clears { get; private set; }

    /// <summary>A switch that first empties what the tool writes to.</summary>
    public string? Empties { get; private set; }

    /// <summary>A switch that overrides what protects others' changes.</summary>
    public string? Forces { get; private set; }

    /// <summary>The account that may spend a token.</summary>
    public string? Spender { get; private set; }

    /// <summary>The contract of a blockchain.</summary>
    public string? Contract { get; private set; }

    /// <summary>True if other members add what that member removes.</summary>
    public bool AddsToo { get; private set; }

    /// <summary>True if a member takes a price.</summary>
    public bool HasPrice { get; private set; }

    /// <summary>A member with a method of payment.</summary>
    public string? Payment { get; private set; }

    /// <summary>The most severe choice of a member that selects an action, with that member.</summary>
    public (string Member, Verb Verb)? Choice { get; private set; }

    public static SchemaSigns Of(JsonElement? schema)
    {
        var signs = new SchemaSigns();
        if (schema is { ValueKind: JsonValueKind.Object } given)
            signs.Read(given, 0);
        return signs;
    }

    private static FrozenSet<string> Set(string words) =>
        words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    private void Read(JsonElement schema, int depth)
    {
        if (depth > DepthMax || schema.ValueKind != JsonValueKind.Object)
            return;
        if (schema.TryGetProperty("properties", out var members) && members.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in members.EnumerateObject())
            {
                if (++_members > MembersMax)
                    return;
                Note(member.Name, member.Value);
                Read(member.Value, depth + 1);
            }
        }

        if (schema.TryGetProperty("items", out var items))
            Read(items, depth + 1);
    }

    private void Note(string name, JsonElement schema)
    {
        if (name.Length > NameCharsMax)
            return;
        var words = NameWords.Of(name, NameCharsMax, humps: true);
        var joined = string.Concat(words);
        if (_words.Count < WordsMax)
        {
            _words.AddRange(words);
            _joined.Add(joined);
        }

        AddChoices(schema);
        var last = words.Count > 0 ? words[^1] : "";
        if (Amounts.Contains(last) || Amounts.Contains(joined) || (words.Count > 0 && words[0] == "amount"))
            Amount ??= joined;
        if (Prices.Contains(last))
            Price ??= joined;
        if (Receivers.Contains(joined) || Receivers.Contains(last))
            Receiver ??= joined;
        if (Statements.Contains(last) || (words.Count > 0 && words[0] == "sql"))
            Statement ??= joined;
        if (Code.Contains(joined) && Takes(schema, "string"))
            Program ??= joined;
        if (Paths.Contains(last))
            Path ??= joined;
        if (Addresses.Contains(last))
            Url ??= joined;
        if ((Secrets.Contains(last) || Secrets.Contains(joined)) && !words.Exists(OfLists.Contains))
            Secret ??= joined;
        if (words.Contains("payment"))
            Payment ??= joined;
        if (Trades.Contains(joined))
            Trade ??= joined;
        if (Machines.Contains(joined))
            Machine ??= joined;
        if (words.Count > 0 && words[0] is "remove" or "delete" or "truncate" or "clear")
            Remover ??= joined;
        if (joined is "clear" or "reset" or "purge" or "truncate" or "delete"
            && Takes(schema, "boolean"))
            Clears ??= joined;
        if (words.Count > 1 && words[0] == "truncate" && Takes(schema, "boolean"))
            Empties ??= joined;
        if (joined is "force" or "forcepush" && Takes(schema, "boolean"))
            Forces ??= joined;
        if (joined is "spender" or "spenderaddress")
            Spender ??= joined;
        if (joined is "contractaddress" or "abi" or "calldata" or "entrypoint")
            Contract ??= joined;
        AddsToo |= words.Count > 1 && words[0] == "add";
        HasPrice |= last == "price";
        if (Actions.Contains(last))
            NoteChoices(joined, schema);
    }

    private void AddChoices(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("enum", out var choices)
            || choices.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (var choice in choices.EnumerateArray().Take(ChoicesMax))
        {
            if (choice.ValueKind == JsonValueKind.String && _choices.Count < WordsMax)
                _choices.AddRange(NameWords.Of(choice.GetString()!, NameCharsMax, humps: true));
        }
    }

    private void NoteChoices(string member, JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("enum", out var choices)
            || choices.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        var given = choices.EnumerateArray().Take(ChoicesMax)
            .Where(static choice => choice.ValueKind == JsonValueKind.String)
            .Select(static choice => NameWords.Of(choice.GetString()!, NameCharsMax, humps: true)).ToList();
        // A request with any method of HTTP may do anything that its address offers.
        var isHttp = member is "method" or "httpmethod" or "cmd"
            && given.TrueForAll(static words => words is [{ } word] && HttpMethods.Contains(word));
        foreach (var words in given)
        {
            var verb = words.Select(Vocabulary.Find).FirstOrDefault(static found => found is not null);
            if (isHttp && verb is { Word: "delete" or "put" or "patch" or "post" })
                verb = verb with { Category = ToolCategory.Execute };
            if (verb is not null
                && (Choice is null || verb.Category.Severity() > Choice.Value.Verb.Category.Severity()))
                Choice = (member, verb);
        }
    }

    private static bool Takes(JsonElement schema, string type) =>
        schema.ValueKind == JsonValueKind.Object
        && (!schema.TryGetProperty("type", out var given)
            || (given.ValueKind == JsonValueKind.String && given.ValueEquals(type)));
}
