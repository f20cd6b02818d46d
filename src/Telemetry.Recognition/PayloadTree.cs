using System.Text.Json;
using System.Text.Unicode;

namespace Telemetry.Recognition;

/// <summary>Reads a JSON payload into nodes, up to the ceilings; what is malformed gives none.</summary>
internal sealed class PayloadTree
{
    private int _room = RecognitionLimits.NodeCountMax;

    /// <summary>The payload's root; null when it is no JSON object or array.</summary>
    public static PayloadNode? Read(ReadOnlyMemory<byte> payload)
    {
        ReadOnlyMemory<byte> text = payload.Span.StartsWith("\uFEFF"u8) ? payload[3..] : payload;
        ReadOnlySpan<byte> trimmed = text.Span.TrimStart(" \t\r\n"u8);
        if (trimmed.IsEmpty || trimmed[0] is not ((byte)'{' or (byte)'[') || !Utf8.IsValid(trimmed))
        {
            return null;
        }

        try
        {
            var options = new JsonDocumentOptions { MaxDepth = RecognitionLimits.DepthMax };
            using var document = JsonDocument.Parse(text, options);
            return new PayloadTree().Node(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private PayloadNode Node(JsonElement element)
    {
        _room--;
        return element.ValueKind switch
        {
            JsonValueKind.Object => PayloadNode.OfObject(
                [.. element.EnumerateObject().TakeWhile(_ => _room > 0).Select(member =>
                    KeyValuePair.Create(KeyOf(member), Node(member.Value)))]),
            JsonValueKind.Array => PayloadNode.OfArray(
                [.. element.EnumerateArray().TakeWhile(_ => _room > 0).Select(Node)]),
            JsonValueKind.String => PayloadNode.OfScalar(NodeKind.Text, TextOf(element)),
            JsonValueKind.Number => PayloadNode.OfScalar(NodeKind.Number, element.GetRawText()),
            JsonValueKind.True or JsonValueKind.False => PayloadNode.OfScalar(NodeKind.Truth, element.GetRawText()),
            _ => PayloadNode.OfScalar(NodeKind.Null, "null"),
        };
    }

    /// <summary>Half a surrogate pair in escapes has no text; it is shown as it stands.</summary>
    private static string TextOf(JsonElement element)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return element.GetRawText();
        }
    }

    private static string KeyOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return "\uFFFD";
        }
    }
}
