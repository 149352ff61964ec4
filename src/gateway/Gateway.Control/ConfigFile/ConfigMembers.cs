using Gateway.Policy.Json;
using Gateway.Policy.Problems;

namespace Gateway.Control.ConfigFile;

/// <summary>Readers of the configuration file's members, in addition to those that policies share.</summary>
internal static class ConfigMembers
{
    extension(JsonNode node)
    {
        /// <summary>Returns the file of <c>{ "file": … }</c>; null if the value itself is given.</summary>
        public string? FileReference() =>
            node.Members is [{ Name: "file", Value: { Kind: JsonKind.String } file }] ? file.Text : null;
    }

    extension(MemberReader members)
    {
        /// <summary>Returns an optional member; a <c>null</c> means the same as an absent member.</summary>
        public JsonNode? Given(string name) =>
            members.Optional(name) is { Kind: not JsonKind.Null } value ? value : null;

        /// <summary>Returns an optional string.</summary>
        public string? GivenText(string name) =>
            members.Given(name) is { } value ? members.AsText(value, name) : null;

        /// <summary>Returns an optional whole number.</summary>
        public long? GivenWhole(string name)
        {
            if (members.Given(name) is not { } value)
                return null;
            if (value.Kind == JsonKind.Number && long.TryParse(value.Text, out var number))
                return number;
            members.WrongType(value, name, "a whole number in the permitted range");
            return null;
        }

        /// <summary>Reads an object whose members are named by the operator, each with the same reader.</summary>
        public Dictionary<string, T> Named<T>(JsonNode? value, string name, Func<JsonNode, string, T?> read)
            where T : class =>
            members.Named(value, name, (_, node, pointer) => read(node, pointer));

        /// <summary>
        /// Reads an object whose members are named by the operator; the reader receives the name too.
        /// </summary>
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

        /// <summary>Reads an object whose values are given in place or as <c>{ "file": … }</c>.</summary>
        public Dictionary<string, JsonNode> InPlaceOrFile(JsonNode? value, string name) =>
            members.Named(value, name, (node, pointer) =>
                node.Members is [{ Name: "file", Value: { Kind: not JsonKind.String } file }]
                && members.TextAt(file, $"{pointer}/file") is null ? null : node);

        /// <summary>Reads an array of strings.</summary>
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
