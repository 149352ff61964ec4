using System.Reflection;

namespace Gateway.Orleans.Tests.Wire;

/// <summary>What goes over the wire or into a store, as text: a change of it breaks a rolling upgrade.</summary>
internal static class WireContract
{
    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        var types = assembly.GetTypes()
            .Where(type => type.GetCustomAttribute<AliasAttribute>() is not null)
            .Where(type => type.Namespace!.StartsWith("Gateway.", StringComparison.Ordinal))
            .OrderBy(type => type.GetCustomAttribute<AliasAttribute>()!.Alias, StringComparer.Ordinal)
            .ThenBy(type => type.Name, StringComparer.Ordinal);
        foreach (var type in types) Describe(type, text);
        text.Append(nameof(RefusalKind)).Append('\n');
        DescribeValues(typeof(RefusalKind), text);
        return text.ToString();
    }

    private static void Describe(Type type, StringBuilder text)
    {
        text.Append(type.GetCustomAttribute<AliasAttribute>()!.Alias).Append('\n');
        if (type.IsInterface) DescribeMethods(type, text);
        else if (type.IsEnum) DescribeValues(type, text);
        else DescribeMembers(type, text);
    }

    private static void DescribeMethods(Type type, StringBuilder text)
    {
        foreach (var method in type.GetMethods().OrderBy(Alias, StringComparer.Ordinal))
        {
            var parameters = string.Join(", ", method.GetParameters().Select(one => Name(one.ParameterType)));
            var timeout = method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout;
            Line(text, $"{Alias(method)}({parameters}): {Name(method.ReturnType)}, answered within {timeout:c}");
        }
    }

    private static void DescribeValues(Type type, StringBuilder text)
    {
        foreach (var value in Enum.GetValues(type)) Line(text, $"{Convert.ToInt32(value)}: {value}");
    }

    private static void DescribeMembers(Type type, StringBuilder text)
    {
        var members = type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Select(property => (Id: property.GetCustomAttribute<IdAttribute>()?.Id, property))
            .Where(member => member.Id is not null)
            .OrderBy(member => member.Id);
        foreach (var (id, property) in members) Line(text, $"{id}: {property.Name} {Name(property.PropertyType)}");
    }

    private static string Alias(MethodInfo method) =>
        method.GetCustomAttribute<AliasAttribute>()?.Alias ?? $"{method.Name} (no alias)";

    private static string Name(Type type) => type switch
    {
        { IsArray: true } => Name(type.GetElementType()!) + "[]",
        { IsGenericType: true } => type.Name[..type.Name.IndexOf('`')]
            + $"<{string.Join(", ", type.GetGenericArguments().Select(Name))}>",
        _ => type.GetCustomAttribute<AliasAttribute>()?.Alias ?? type.Name,
    };

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append("  ").Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
