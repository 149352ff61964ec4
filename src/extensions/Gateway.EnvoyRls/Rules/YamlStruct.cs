using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Gateway.EnvoyRls.Rules;

/// <summary>Converts YAML values to protobuf values; a quoted value is text.</summary>
internal static class YamlStruct
{
    public static Struct Of(YamlMappingNode map)
    {
        var made = new Struct();
        foreach (var (key, value) in map.Children)
            made.Fields[(key as YamlScalarNode)?.Value ?? ""] = ValueOf(value);
        return made;
    }

    private static Value ValueOf(YamlNode node) => node switch
    {
        YamlMappingNode map => Value.ForStruct(Of(map)),
        YamlSequenceNode list => Value.ForList([.. list.Children.Select(ValueOf)]),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar => Plain(scalar.Value ?? ""),
        _ => Value.ForString((node as YamlScalarNode)?.Value ?? ""),
    };

    private static Value Plain(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => Value.ForNull(),
        "true" or "True" or "TRUE" => Value.ForBool(true),
        "false" or "False" or "FALSE" => Value.ForBool(false),
        _ => double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint
                | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
            ? Value.ForNumber(number)
            : Value.ForString(text),
    };
}
