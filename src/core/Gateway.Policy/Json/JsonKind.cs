namespace Gateway.Policy.Json;

public enum JsonKind
{
    Null,
    False,
    True,
    Number,
    String,
    Array,
    Object,
}
