using Gateway.Policy.Json;
using Gateway.Policy.Problems;

namespace Gateway.Control.ConfigFile;

/// <summary>What the configuration file's members are made of, besides what policies have.</summary>
internal static class ConfigMembers
{
    extension(JsonNode node)
    {
        /// <summary>The file of <c>{ "file": … }</c>; null where the value itself stands there.</summary>
        public string? FileReference() =>
            node.Members is [{ Name: "file", Value: { Kind: JsonKind.String } file }] ? file.Text : null;
    }

    extension(MemberReader members)
    {
        /// <summary>A member that may also be <c>null</c>, which is the same as none.</summary>
        public JsonNode? Given(string name) =>
            members.Optional(name) is { Kind: not JsonKind.Null } value ? value : null;

        /// <summary>A string, or none.</summary>
        public string? GivenText(string name) =>
            members.Given(name) is { } value ? members.AsText(value, name) : null;

        /// <summary>A whole number, or none.</summary>
        public long? GivenWhole(string name)
        {
            if (members.Given(name) is not { } value)
                return null;
            if (value.Kind == JsonKind.Number && long.TryParse(value.Text, out var number))
                return number;
            members.WrongType(value, name, "a whole number");
            return null;
        }

        /// <summary>An object whose members are named by the operator, each read alike.</summary>
        public Dictionary<string, T> Named<T>(JsonNode? value, string name, Func<JsonNode, string, T?> read)
            where T : class =>
            members.Named(value, name, (_, node, pointer) => read(node, pointer));

        /// <summary>The same where the name is a part of what is read.</summary>
        public Dictionary<string, T> Named<T>(JsonNode? value, string name, Func<string, JsonNode, string, T?> read)
            where T : class
        {
            var found = new Dictionary<string, T>(StringComparer.Ordinal);
            if (value is null)
                return found;
            var pointer = members.PointerTo(name);
            if (value.Kind != JsonKind.Object)
                members.WrongType(value, name, "an object");
            foreach (var member in value.Members)
            {
                if (read(member.Name, member.Value, $"{pointer}/{JsonPointer.Escape(member.Name)}") is { } one)
                    found[member.Name] = one;
            }

            return found;
        }

        /// <summary>An object of values that stand there, or in a file: <c>{ "file": … }</c>.</summary>
        public Dictionary<string, JsonNode> InPlaceOrFile(JsonNode? value, string name) =>
            members.Named(value, name, (node, pointer) =>
                node.Members is [{ Name: "file", Value: { Kind: not JsonKind.String } file }]
                && members.TextAt(file, $"{pointer}/file") is null ? null : node);

        /// <summary>An array of strings.</summary>
        public List<string> Texts(JsonNode? value, string name) =>
            [.. members.Items(value, name).Select(item => members.TextAt(item.Node, item.Pointer)).OfType<string>()];

        private string? TextAt(JsonNode node, string pointer)
        {
            if (node.Kind == JsonKind.String)
                return node.Text;
            members.Error(node, pointer, $"this must be a string, not {MemberReader.Describe(node)}");
            return null;
        }
    }
}
