using Gateway.Policy.Problems;
using Gateway.Policy.Schemas;
using Gateway.Policy.Schemas.Compiling;

namespace Gateway.Policy.Documents;

/// <summary>Reads <c>arguments</c>.</summary>
internal static class ArgumentsReader
{
    public static Schema? Read(MemberReader owner)
    {
        const string name = "arguments";
        return owner.Optional(name) is { } node
            ? SchemaCompiler.Compile(node, owner.PointerTo(name), owner.Context)
            : null;
    }
}
