namespace Telemetry.Payloads.Tests;

/// <summary>Small damage to payloads, the same for the same seed.</summary>
internal sealed class Mutation(int seed, byte[] alphabet)
{
    private const int RoundsMax = 4;

    private readonly Random _random = new(seed);

    /// <summary>Copies a payload into the buffer and damages it: bytes changed, taken out, doubled, swapped.</summary>
    /// <returns>The bytes used of the buffer, which has room for eight more than the payload.</returns>
    public int Apply(ReadOnlySpan<byte> payload, Span<byte> buffer)
    {
        payload.CopyTo(buffer);
        int bytes = payload.Length;
        for (int rounds = _random.Next(1, RoundsMax); rounds > 0 && bytes > 0; rounds--)
        {
            int at = _random.Next(bytes);
            switch (_random.Next(5))
            {
                case 0:
                    buffer[at] = alphabet[_random.Next(alphabet.Length)];
                    break;
                case 1:
                    buffer[(at + 1)..bytes].CopyTo(buffer[at..]);
                    bytes--;
                    break;
                case 2:
                    buffer[at..bytes].CopyTo(buffer[(at + 1)..]);
                    buffer[at] = alphabet[_random.Next(alphabet.Length)];
                    bytes++;
                    break;
                case 3:
                    buffer[at] ^= (byte)(1 << _random.Next(8));
                    break;
                default:
                    bytes = at;
                    break;
            }
        }

        return bytes;
    }
}
