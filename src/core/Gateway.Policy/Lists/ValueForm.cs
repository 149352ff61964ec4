namespace Gateway.Policy.Lists;

/// <summary>The form in which a value is compared with a list, or distinguished from other values by a limit.</summary>
public enum ValueForm
{
    /// <summary>A string, byte for byte.</summary>
    Text,

    /// <summary>A string in lowercase.</summary>
    Lower,

    /// <summary>The digits of a string.</summary>
    Digits,

    /// <summary>A number, or a string with the grammar of one.</summary>
    Number,

    /// <summary>The host of a URL; in the list, a host.</summary>
    Host,
}
