using Gateway.Proxy.Searching;

namespace Gateway.Catalogue.Classifying;

/// <summary>The evidence in a description, above all the verb at its beginning.</summary>
internal sealed class TextReading
{
    private const int CharsMax = 1_000;
    private const int LeadingWords = 9;
    private const int FirstWords = 30;
    private const int SentWords = 6;
    private const int ReturnWords = 5;
    private const int ChoiceWords = 12;
    private const int ObjectWords = 8;
    private readonly List<string> _words;
    private readonly string _text;

    public TextReading(string text)
    {
        // Server directories print this in place of a description; it describes their page, not the tool.
        var isPage = text.StartsWith("Deploy Server", StringComparison.Ordinal);
        _text = isPage ? "" : text.Length > CharsMax ? text[..CharsMax] : text;
        _words = NameWords.Of(_text, CharsMax, humps: false);
        var at = 0;
        foreach (var word in _words)
        {
            if (at >= LeadingWords || Leading is not null)
                break;
            if (Fillers.Contains(word))
                continue;
            if (Vocabulary.FindInflected(word) is { } verb && (verb.IsFirm || at == 0))
                (Leading, LeadingAt) = (InContext(verb), at);
            at++;
        }

        Leading ??= Vocabulary.FindSign(_text);
        Listed = FindListed();
    }

    private static readonly HashSet<string> Fillers =
    [
        "this", "tool", "will", "allows", "you", "to", "use", "used", "a", "an", "the", "it", "can", "be",
        "permanently", "api", "function", "for", "important", "warning", "deprecated", "securely", "quickly", "new",
        "perform", "performs", "performing",
    ];

    /// <summary>The first verb near the beginning; null if there is none.</summary>
    public Verb? Leading { get; }

    /// <summary>The number of significant words before it.</summary>
    public int LeadingAt { get; }

    /// <summary>
    /// The most severe of a list of verbs at the beginning ("create, update, delete"); null if there is none.
    /// </summary>
    public Verb? Listed { get; }

    public IReadOnlyList<string> Words => _words;

    /// <summary>
    /// The text with every word replaced that no rule knows: the rules find the same evidence in it, and no original
    /// prose remains.
    /// </summary>
    public string Masked => string.Join(' ', _words.Select(static word =>
        Fillers.Contains(word) || Vocabulary.IsKnown(word) ? word : Vocabulary.FindSign(word)?.Word ?? "qq"));

    public bool IsEmpty => _words.Count == 0;

    public bool IsShort => _words.Count <= 6;

    public bool HasMoney => _words.Take(FirstWords * 2).Any(word =>
        Vocabulary.NearMoney.Contains(word) || Vocabulary.Money.Contains(word));

    public bool HasBudget => _words.Take(FirstWords * 2).Any(static word => word is "budget" or "bid");

    public bool HasMoneyOrToken => HasMoney || _words.Contains("token") || _words.Contains("tokens");

    public bool HasFarFromMoneyFirst => _words.Take(LeadingWords).Any(Vocabulary.FarFromMoney.Contains);

    /// <summary>True if it runs a statement that may change anything.</summary>
    public bool IsSql => _words.Take(FirstWords).Any(static word => word is "sql" or "graphql" or "cypher" or "plsql");

    /// <summary>The query language, if that can only read.</summary>
    public string? OnlyReads => OnlyReading(_words);

    public static string? OnlyReading(IEnumerable<string> words) => words.FirstOrDefault(static word => word is "promql"
        or "logql" or "logsql" or "sparql" or "jsonpath" or "sosl" or "soql" or "kql" or "metricsql" or "xpath"
        or "jmespath" or "jql");

    public string? LetsIn => Leading is { Category: ToolCategory.Write }
        ? _words.Take(LeadingWords).FirstOrDefault(static word => word is "authentication" or "otp" or "backchannel")
        : null;

    /// <summary>The money that is sent, if the sentence begins with a verb of sending.</summary>
    public string? SendsMoney => Leading switch
    {
        { Word: "send" or "transfer" or "issue" or "distribute" } when !_words.Take(SentWords).Contains("reminder") =>
            _words.Take(SentWords + 4).FirstOrDefault(static word =>
                Vocabulary.Money.Contains(word) || word is "tokens" or "hive" or "apt" or "usd"),
        { Word: "create" or "mint" or "sign" } =>
            _words.Take(SentWords).FirstOrDefault(static word => word is "nft" or "nfts" or "psbt"),
        _ => null,
    };

    /// <summary>A sign that a call itself is paid for: a payment protocol, or words about paying with it.</summary>
    public string? ChargesItself => _words.Find(word => word is "x402"
            || (word is "l402" && Leading is not { Category: ToolCategory.Read }))
        ?? (Adjacent("pay", "with") || Adjacent("automatic", "payment") ? "pay" : null);

    /// <summary>The order or bet, if the sentence begins by placing or cancelling one.</summary>
    public string? PlacesOrder
    {
        get
        {
            var first = _words.FindIndex(static word => !Fillers.Contains(word));
            return first >= 0 && _words[first] is "place" or "places" or "placing"
                ? _words.Skip(first + 1).Take(ObjectWords).FirstOrDefault(static word =>
                    word is "order" or "orders" or "bet" or "bets" or "trade" or "bid")
                : first >= 0 && _words[first] is "cancel" or "cancels" or "modify" or "replace"
                    ? _words.Skip(first + 1).Take(4).FirstOrDefault(static word => word is "order" or "orders")
                    : null;
        }
    }

    /// <summary>True if it is about statements of a database, whose transactions move no money.</summary>
    public bool IsOfDatabase => !_words.Take(FirstWords).Any(static word => word is "pay" or "payment" or "wallet")
        && _words.Take(FirstWords).Any(static word => word is "sql" or "database" or "firestore" or "mongodb" or "redis"
            or "atomic" or "operations" or "statements" or "queries");

    /// <summary>True if it is about entries in a book of expenses, which move no money.</summary>
    public bool IsOfBook => _words.Take(FirstWords).Any(static word => word is "budget" or "ynab" or "portfolio"
            or "expense" or "expenses" or "ledger" or "bookkeeping")
        && !_words.Take(FirstWords).Any(static word => word is "pay" or "pays" or "send" or "sends" or "buy" or "sell"
            or "transfer" or "order" or "orders" or "swap" or "trade" or "wallet" or "onchain");

    /// <summary>True if it says that a file is stored.</summary>
    public bool SavesFile => _words.Take(FirstWords).Any(static word => word is "save" or "saves" or "saved" or "disk"
        or "folder" or "directory" or "locally" or "store" or "stores");

    /// <summary>True if it begins by saying that it is about facts of something, not its value.</summary>
    public bool IsAbout => _words.Take(ReturnWords).Any(static word => word is "information" or "info" or "details"
        or "metadata" or "status");

    /// <summary>True if it makes a password that opens nothing yet.</summary>
    public bool IsRandom => _words.Take(FirstWords).Any(static word => word is "random" or "strong" or "characters");

    /// <summary>True if it names the four operations by their abbreviation.</summary>
    public bool IsCrud => _words.Take(FirstWords).Contains("crud");

    /// <summary>True if it begins by restoring a backup.</summary>
    public bool RestoresBackup => Leading is { Word: "restore" }
        && _words.Take(FirstWords).Any(static word => word is "backup" or "backups");

    /// <summary>True if it is about tokens or contracts of a blockchain.</summary>
    public bool IsOfChain => SignsForWallet || _words.Take(FirstWords).Any(static word =>
        word is "erc20" or "token" or "tokens" or "spender" or "starknet" or "onchain" or "nft" or "smart");

    /// <summary>True if it says that it only reads a contract.</summary>
    public bool OnlyReadsContract => _words.Take(FirstWords).Any(static word => word is "view" or "pure")
        || Adjacent("read", "only") || Adjacent("without", "creating") || Leading is { Category: ToolCategory.Read };

    /// <summary>True if it begins by saying that it returns information about something.</summary>
    public bool IsInformation => _words.Take(ReturnWords).Any(static word => word is "information" or "info"
        or "details" or "metadata" or "list" or "lists" or "status");

    /// <summary>A destructive verb near the beginning; null if there is none.</summary>
    public string? Removes => (_words.Take(FirstWords).Select(Vocabulary.FindInflected)
        .Append(Vocabulary.FindSigns(_text).Worst)
        .FirstOrDefault(static verb => verb is { IsFirm: true, Category: ToolCategory.Destructive }))?.Word;

    /// <summary>True if it is about a wallet of a blockchain, whose signatures move money.</summary>
    public bool SignsForWallet => _words.Take(FirstWords).Any(static word => word is "wallet" or "eip" or "ethereum"
        or "solana" or "evm" or "blockchain" or "signer" or "onchain");

    /// <summary>True if it mentions a key that grants access.</summary>
    public bool NamesKey => _words.Take(FirstWords).Zip(_words.Skip(1)).Any(static pair =>
        pair is { Second: "key" or "keys", First: "api" or "license" or "private" or "access" or "secret" or "aes" });

    /// <summary>True if the service keeps a wallet's keys.</summary>
    public bool IsCustodial => _words.Exists(static word => word is "custodial" or "hosted" or "custody" or "multisig");

    /// <summary>True if it begins by reading variables of the environment, and not only their names.</summary>
    public bool ReadsEnvironment
    {
        get
        {
            var at = _words.FindIndex(static word => word is "environment" or "env");
            return at is > 0 and < LeadingWords && at + 1 < _words.Count
                && _words[at + 1] is "variable" or "variables" or "vars"
                && !_words.Skip(at).Take(ReturnWords).Any(static word => word is "name" or "names")
                && _words.Take(at).TakeLast(2).Any(static word => word is "list" or "lists" or "get" or "gets"
                    or "show" or "shows" or "read" or "reads" or "return" or "returns" or "retrieve"
                    or "retrieves" or "fetch" or "print");
        }
    }

    /// <summary>True if it is about a code that grants access.</summary>
    public bool NamesCode => Adjacent("authentication", "code") || Adjacent("verification", "code")
        || Adjacent("pairing", "code") || Adjacent("otp", "code") || Adjacent("2fa", "code") || Adjacent("mfa", "code");

    /// <summary>True if it begins by making a token that grants access.</summary>
    public bool MakesToken
    {
        get
        {
            var at = _words.FindIndex(static word => word is "token" or "tokens");
            return at is > 1 and < LeadingWords && !HasMoney
                && _words[0] is "create" or "creates" or "generate" or "generates" or "issue" or "issues" or "mint"
                    or "mints"
                && _words[at - 1] is "access" or "api" or "auth" or "authentication" or "bearer" or "dev" or "developer"
                    or "personal" or "deploy" or "session" or "service" or "registration" or "installation" or "sas"
                    or "jwt" or "oauth" or "refresh" or "user" or "bot";
        }
    }

    /// <summary>True if any sentence says that a token or session is returned.</summary>
    public bool ReturnsToken => Returned(static word => word is "token" or "tokens" or "jwt" or "apikey")
        || (_text.Contains("Returns", StringComparison.Ordinal) && _words.Exists(static word =>
            word.Contains("토큰", StringComparison.Ordinal) || word.Contains("トークン", StringComparison.Ordinal)));

    /// <summary>True if the text says that a secret is returned, revealed or received.</summary>
    public bool SaysReturns => Returned(static word => word is "secret" or "key" or "token" or "password"
        or "credentials" or "mnemonic");

    private bool Returned(Predicate<string> isSecret)
    {
        for (var at = 0; at < _words.Count; at++)
        {
            if (_words[at] is "returns" or "returned" or "receive" or "receives" or "reveals" or "reveal"
                && _words.Skip(at + 1).Take(ReturnWords).Any(word => isSecret(word)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The secret that the description says is returned; null if there is none.</summary>
    public string? ReturnsSecret
    {
        get
        {
            for (var at = 1; at < _words.Count && at < FirstWords; at++)
            {
                var isCredential = _words[at] is "password" or "credentials" or "secret"
                    || (_words[at] is "token" or "tokens" or "key" or "keys"
                        && _words[at - 1] is "access" or "oauth" or "bearer" or "api" or "auth" or "session"
                            or "private");
                var returned = _words.Skip(Math.Max(0, at - ReturnWords)).Take(Math.Min(at, ReturnWords)).Any(
                    static word => word is "returns" or "return" or "reveal" or "reveals" or "obtain" or "refresh"
                        or "get" or "exchange" or "retrieve" or "generate" or "receive" or "issue");
                var isUsed = _words[at - 1] is "by" or "from" or "with" or "using"
                    || (at + 1 < _words.Count && _words[at + 1] is "scanning" or "scanner");
                if (isCredential && returned && !isUsed && !(_words[at] is "password" && IsRandom))
                    return _words[at];
            }

            return null;
        }
    }

    /// <summary>
    /// Returns a verb with the category that it has for its object: a program is terminated by stopping it, and the
    /// background of a picture removed by making a new one.
    /// </summary>
    private Verb InContext(Verb verb) => verb.Word switch
    {
        "terminate" when _words.Take(ObjectWords).Any(Vocabulary.Programs.Contains) =>
            verb with { Category = ToolCategory.Execute },
        "remove" when _words.Take(ObjectWords).Any(Vocabulary.Edited.Contains) =>
            verb with { Category = ToolCategory.Write },
        "merge" when _words.Take(ObjectWords).Any(Vocabulary.Joined.Contains) =>
            verb with { Category = ToolCategory.Write },
        _ => verb,
    };

    /// <summary>Finds a destructive choice among those that a sentence names after "operation" or "action".</summary>
    private Verb? FindChoice()
    {
        var at = _words.FindIndex(static word => word is "operation" or "operations" or "action" or "actions");
        return at < 0 ? null : _words.Skip(at + 1).Take(ChoiceWords).Select(Vocabulary.FindInflected).FirstOrDefault(
            static verb => verb is { IsFirm: true, Category: ToolCategory.Destructive });
    }

    private bool Adjacent(string first, string second)
    {
        for (var at = 1; at < _words.Count && at < FirstWords; at++)
        {
            if (_words[at] == second && _words[at - 1] == first)
                return true;
        }

        return false;
    }

    private Verb? FindListed()
    {
        Verb? worst = null;
        var verbs = 0;
        foreach (var word in _words.Take(LeadingWords))
        {
            if (word is "and" or "or" || (word == "drop" && _words.Contains("drag")))
                continue;
            if (Vocabulary.FindInflected(word) is not { IsFirm: true } verb)
            {
                if (verbs > 0)
                    break;
                continue;
            }

            verbs++;
            if (worst is null || verb.Category.Severity() > worst.Category.Severity())
                worst = verb;
        }

        return verbs > 1 ? worst : FindChoice() ?? FindInParentheses();
    }

    /// <summary>Finds a destructive verb in the first parentheses: "Manages tags (list, add, delete)".</summary>
    private Verb? FindInParentheses()
    {
        var from = _text.IndexOf('(');
        var to = from < 0 ? -1 : _text.IndexOf(')', from);
        if (to < 0 || Leading is { IsFirm: true, Category: ToolCategory.Read })
            return null;
        var verbs = NameWords.Of(_text[from..to], CharsMax, humps: false).Select(Vocabulary.Find)
            .Where(static verb => verb is { IsFirm: true }).ToList();
        return verbs.Count < 2 ? null : verbs.Find(static verb => verb!.Category == ToolCategory.Destructive);
    }
}
