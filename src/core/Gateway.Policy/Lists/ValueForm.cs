namespace Gateway.Policy.Lists;

/// <summary>What of a value is compared with a list, or tells it from others where a limit counts by it.</summary>
public enum ValueForm
{
    /// <summary>A string, byte for byte.</summary>
    Text,

    /// <summary>A string in lower case.</summary>
    Lower,

    /// <summary>The digits of a string.</summary>
    Digits,

    /// <summary>A number, or a string with the grammar of one.</summary>
    Number,

    /// <summary>The host of a URL; in the list, a host.</summary>
    Host,
}
