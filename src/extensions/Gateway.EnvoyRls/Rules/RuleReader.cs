using Gateway.EnvoyRls.Options;
using Google.Protobuf.WellKnownTypes;
using YamlDotNet.RepresentationModel;

namespace Gateway.EnvoyRls.Rules;

/// <summary>
/// Reads rules in the format of the reference server (envoyproxy/ratelimit), with two further members:
/// <c>allow_negative_hits</c> and, in <c>rate_limit</c>, <c>budget</c>. Everything that the reference server refuses is
/// refused, with its line.
/// </summary>
internal sealed class RuleReader
{
    private const int DomainCharactersMax = 256;

    /// <summary>
    /// YAML levels for each level of descriptors, a list and a mapping, and additional levels for their contents.
    /// </summary>
    private const int YamlLevels = 2;
    private const int YamlLevelsMore = 32;

    private static readonly string[] DomainMembers = ["domain", "descriptors"];

    private static readonly string[] DescriptorMembers =
    [
        "key", "value", "rate_limit", "descriptors", "shadow_mode", "quota_mode", "detailed_metric", "value_to_metric",
        "share_threshold", "metadata", "allow_negative_hits",
    ];

    private static readonly string[] LimitMembers =
        ["unit", "requests_per_unit", "unlimited", "name", "replaces", "budget"];

    /// <summary>Members that the reference server ignores in a wrong place.</summary>
    private static readonly string[] Anywhere = [.. DomainMembers, .. DescriptorMembers, .. LimitMembers];

    private readonly RlsOptions _options;
    private readonly RuleNotes _notes = new();
    private readonly Dictionary<string, RlsNode> _domains = new(StringComparer.Ordinal);
    private readonly List<BudgetCharge> _charges = [];
    private string _domain = "";
    private int _count;

    private RuleReader(RlsOptions options) => _options = options;

    /// <summary>Returns the rules if they have no problems; otherwise null. The notes contain all findings.</summary>
    public static (RlsRules? Rules, RuleNotes Notes) Read(RuleFiles files, RlsOptions options)
    {
        var reader = new RuleReader(options);
        if (files.Problem is { } problem)
            reader._notes.Problems.Add(problem);
        foreach (var (path, content) in files.Files)
        {
            reader._notes.File = path;
            var levelsMax = (YamlLevels * options.EntriesMax) + YamlLevelsMore;
            if (YamlFile.Read(content, levelsMax, reader._notes) is { } root)
                reader.ReadDomain(root);
        }

        var rules = reader._notes.Problems.Count == 0 ? new RlsRules(reader._domains, reader._charges) : null;
        return (rules, reader._notes);
    }

    private void ReadDomain(YamlNode root)
    {
        var members = new YamlMembers(root, "the file", DomainMembers, Anywhere, _notes);
        var name = members.Text("domain");
        var domain = new RlsNode();
        if (name.Length is 0 or > DomainCharactersMax)
            _notes.Wrong(
                members.LineOf("domain"), $"\"domain\" must be a string of 1 to {DomainCharactersMax} characters");
        else if (!_domains.TryAdd(name, domain))
            _notes.Wrong(members.LineOf("domain"), $"the domain \"{name}\" is also in another file; write it in one");
        _domain = name;
        ReadDescriptors(members, domain, name, 1);
    }

    private void ReadDescriptors(YamlMembers members, RlsNode parent, string parentName, int level)
    {
        foreach (var item in members.Items("descriptors"))
        {
            if (level > _options.EntriesMax)
            {
                _notes.Wrong(item.Start.Line, $"descriptors are nested more than {_options.EntriesMax} levels deep");
                return;
            }

            if (++_count > _options.RulesMax)
            {
                if (_count == _options.RulesMax + 1)
                    _notes.Wrong(item.Start.Line, $"there are more than {_options.RulesMax} descriptors");
                return;
            }

            ReadDescriptor(item, parent, parentName, level);
        }
    }

    private void ReadDescriptor(YamlNode item, RlsNode parent, string parentName, int level)
    {
        var members = new YamlMembers(item, "a descriptor", DescriptorMembers, Anywhere, _notes);
        var node = new RlsNode
        {
            Key = members.Text("key"),
            Value = members.Text("value"),
            Limit = ReadLimit(members),
            SharesThreshold = members.Flag("share_threshold"),
            HasDetailedMetric = members.Flag("detailed_metric"),
            HasValueInMetric = members.Flag("value_to_metric"),
        };
        var name = $"{parentName}.{node.Name}";
        if (node.Key.Length == 0)
            _notes.Wrong(members.LineOf("key"), "a descriptor has no \"key\"");
        else if (!parent.TryAdd(node))
            _notes.Wrong(members.LineOf("key"), $"the descriptor \"{name}\" occurs twice: remove one");
        if (node.SharesThreshold && !node.IsPattern)
        {
            _notes.Wrong(members.LineOf("share_threshold"),
                "\"share_threshold\" needs a value that contains *; all names that match the value share one counter");
        }

        ReadDescriptors(members, node, name, level + 1);
    }

    /// <summary>Returns the limit with the members beside it; null if nothing is counted.</summary>
    private RlsLimit? ReadLimit(YamlMembers descriptor)
    {
        var (isShadow, isQuota) = (descriptor.Flag("shadow_mode"), descriptor.Flag("quota_mode"));
        var (isReturnable, metadata) = (descriptor.Flag("allow_negative_hits"), ReadMetadata(descriptor));
        if (descriptor.Find("rate_limit") is { } node)
        {
            var limit = ReadLimit(node);
            if (limit.Budget is not null && isReturnable)
            {
                _notes.Wrong(descriptor.LineOf("allow_negative_hits"),
                    "hits below 0 cannot return charges to a \"budget\", because others also charge it: remove one of "
                        + "the two");
            }

            if (limit.Budget is not null && isShadow)
            {
                _notes.Wrong(descriptor.LineOf("shadow_mode"),
                    "\"shadow_mode\" would use up a \"budget\" that others share: remove one of the two");
            }

            return limit with
            {
                IsShadow = isShadow,
                IsQuota = isQuota,
                AllowsNegativeHits = isReturnable,
                Metadata = metadata,
            };
        }

        if (isReturnable)
        {
            _notes.Wrong(
                descriptor.LineOf("allow_negative_hits"), "\"allow_negative_hits\" needs a \"rate_limit\" in the same "
                    + "descriptor");
        }

        return null;
    }

    private RlsLimit ReadLimit(YamlNode node)
    {
        var members = new YamlMembers(node, "\"rate_limit\"", LimitMembers, Anywhere, _notes);
        var name = members.Text("name");
        var isUnlimited = members.Flag("unlimited");
        var unit = RlsUnit.Parse(members.Text("unit"));
        var isUnit = RlsUnit.TryGetWindow(unit, out var window);
        var budget = members.Text("budget");
        if (budget.Length > 0)
        {
            _charges.Add(new BudgetCharge(_domain, budget, _notes.File, members.LineOf("budget")));
            if (isUnlimited || members.Find("unit") is not null || members.Find("requests_per_unit") is not null)
                _notes.Wrong(members.LineOf("budget"), "a \"budget\" has its own maximum and window: omit "
                    + "\"unit\", \"requests_per_unit\" and \"unlimited\"");
        }
        else if (isUnlimited && isUnit)
            _notes.Wrong(members.LineOf("unit"), "an unlimited \"rate_limit\" has no \"unit\"");
        else if (!isUnlimited && !isUnit)
        {
            _notes.Wrong(members.LineOf("unit"),
                $"\"unit\" must be second, minute, hour, day, week, month or year, not \"{members.Text("unit")}\"");
        }

        return new RlsLimit
        {
            Shown = new() { RequestsPerUnit = members.Count("requests_per_unit"), Unit = unit, Name = name },
            Window = isUnit ? window : default,
            IsUnlimited = isUnlimited,
            Budget = budget.Length > 0 ? budget : null,
            Replaces = [.. members.Items("replaces")
                .Select(one => ReadReplaced(one, name)).Where(static one => one.Length > 0)],
        };
    }

    private string ReadReplaced(YamlNode node, string own)
    {
        var members = new YamlMembers(node, "an entry of \"replaces\"", ["name"], Anywhere, _notes);
        var name = members.Text("name");
        if (name.Length == 0)
            _notes.Wrong(members.Line, "an entry of \"replaces\" needs a \"name\"");
        else if (name == own)
            _notes.Wrong(members.LineOf("name"), $"\"replaces\" names its own limit, \"{name}\"");
        return name;
    }

    private Struct? ReadMetadata(YamlMembers descriptor)
    {
        switch (descriptor.Find("metadata"))
        {
            case null:
                return null;
            case YamlMappingNode map when Fits(map):
                return YamlStruct.Of(map);
            case var node:
                _notes.Wrong(node.Start.Line, "\"metadata\" must be a mapping within the bounds");
                return null;
        }
    }

    /// <summary>Returns true if metadata is not too large: aliases may expand to far more than is written.</summary>
    private bool Fits(YamlNode root)
    {
        var left = new Stack<(YamlNode Node, int Depth)>([(root, 0)]);
        while (left.TryPop(out var next))
        {
            if (++_count > _options.RulesMax || next.Depth > YamlLevelsMore)
                return false;
            var below = next.Node switch
            {
                YamlMappingNode map => map.Children.Values,
                YamlSequenceNode list => list.Children,
                _ => (IEnumerable<YamlNode>)[],
            };
            foreach (var node in below)
                left.Push((node, next.Depth + 1));
        }

        return true;
    }
}
