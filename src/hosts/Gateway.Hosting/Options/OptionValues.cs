using System.CommandLine.Parsing;

namespace Gateway.Hosting.Options;

/// <summary>Values of options for those who check them.</summary>
public static class OptionValues
{
    /// <summary>False where the text is no value of the type, which the parser says by itself.</summary>
    public static bool TryRead<T>(this OptionResult result, out T? value)
    {
        try
        {
            value = result.GetValueOrDefault<T>();
            return true;
        }
        catch (InvalidOperationException)
        {
            value = default;
            return false;
        }
    }
}
